/**
 * Opens and closes scopes.
 *
 * A scope is one shared variable (`running`) with a link to its parent, set and put back by
 * try/finally. A scope whose function returned a promise goes on until that settles; code that
 * continues it is recognised by its asynchronous context.
 */
import {canFollowAsync, leaveContext, runInContext} from './async-context.js';
import {releaseAll} from './captured-call.js';
import {ScopeOverlapError} from './errors.js';
import {installForScope, uninstallForScope} from './installation.js';
import {releaseNote} from './retained-data.js';
import {runtime} from './runtime.js';
import {activeScope, CaptureScope} from './scope.js';
import type {RecordPlan} from './scope.js';

/**
 * Runs `fn` in a new scope and hands what came of it to `finish`, once `fn` has returned or its
 * promise is fulfilled. If `fn` throws or rejects, nothing stays installed or held, and the same
 * error goes on.
 *
 * @throws ScopeOverlapError (as a rejection) where the platform cannot keep two waiting scopes apart
 */
export function runInScope<R, C>(
  plan: RecordPlan,
  fn: () => R,
  finish: (result: Awaited<R>, scope: CaptureScope) => C,
): C | Promise<C> {
  const shared = runtime();
  const outer = shared.running;
  const scope = new CaptureScope(activeScope(), plan);
  installForScope(scope);
  shared.running = scope;
  let result: R;
  try {
    result = runInContext(scope, fn);
  } catch (error) {
    shared.running = outer;
    abandon(scope);
    throw error;
  }
  if (shared.running !== scope) {
    abandon(scope);
    throw new Error('runInScope: scopes must end in the reverse order of their beginning.');
  }
  shared.running = outer;
  if (!isPromiseLike(result)) return close(scope, result as Awaited<R>, finish);
  if (!canFollowAsync()) {
    if (shared.waiting !== null) return refuse(scope, result);
    shared.waiting = scope;
  }
  return Promise.resolve(result).then(
    (value) => close(scope, value as Awaited<R>, finish),
    (error: unknown) => {
      abandon(scope);
      throw error;
    },
  );
}

const isPromiseLike = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as {then?: unknown}).then === 'function';

function close<R, C>(
  scope: CaptureScope,
  result: R,
  finish: (result: R, scope: CaptureScope) => C,
): C {
  end(scope);
  try {
    return finish(result, scope);
  } catch (error) {
    releaseAll(scope.captured);
    throw error;
  } finally {
    uninstallForScope(scope);
  }
}

function abandon(scope: CaptureScope): void {
  end(scope);
  releaseAll(scope.captured);
  uninstallForScope(scope);
}

function end(scope: CaptureScope): void {
  const shared = runtime();
  scope.isOpen = false;
  for (const note of scope.held) releaseNote(note);
  if (shared.waiting === scope) shared.waiting = null;
  leaveContext();
}

function refuse(scope: CaptureScope, result: PromiseLike<unknown>): Promise<never> {
  abandon(scope);
  // The function runs on without us; whatever comes of it must not count as an unhandled rejection.
  result.then(undefined, () => undefined);
  return Promise.reject(
    new ScopeOverlapError(
      'withCapture: this platform cannot tell two asynchronous scopes apart, got a second one while ' +
        'the first still waits for its promise. Await the first one before you open the next.',
    ),
  );
}
