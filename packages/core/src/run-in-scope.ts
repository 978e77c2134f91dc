/**
 * Opens and closes scopes.
 *
 * A scope is one shared variable (`running`) with a link to its parent, set and put back by
 * try/finally. A scope whose function returned a promise goes on until that settles; code that
 * continues it is recognised by its asynchronous context.
 */
import {releaseAll} from './captured-call.js';
import {ScopeOverlapError} from './errors.js';
import {installForScope, uninstallForScope} from './installation.js';
import {releaseNote} from './retained-data.js';
import {runtime} from './runtime.js';
import {activeScope, newScope} from './scope.js';
import type {CaptureScope, RecordPlan} from './scope.js';

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
  const scope = newScope(activeScope(), plan);
  installForScope(scope);
  shared.running = scope;
  const {asyncContext} = shared;
  let result: R;
  try {
    result = asyncContext ? asyncContext.run(scope, fn) : fn();
  } catch (error) {
    shared.running = outer;
    return fail(scope, error);
  }
  if (shared.running !== scope) {
    fail(scope, new Error('runInScope: scopes must nest.'));
  }
  shared.running = outer;
  if (!isPromiseLike(result)) return close(scope, () => finish(result as Awaited<R>, scope));
  if (!asyncContext) {
    if (shared.waiting !== null) return refuse(scope, result);
    shared.waiting = scope;
  }
  return Promise.resolve(result).then(
    (value) => close(scope, () => finish(value as Awaited<R>, scope)),
    (error: unknown) => fail(scope, error),
  );
}

export const isPromiseLike = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as {then?: unknown} | null | undefined)?.then === 'function';

/** If `finish` throws, nothing stays held. */
function close<C>(scope: CaptureScope, finish: () => C): C {
  const shared = runtime();
  scope.isOpen = false;
  for (const note of scope.held) releaseNote(note);
  if (shared.waiting === scope) shared.waiting = null;
  shared.asyncContext?.leave();
  try {
    return finish();
  } catch (error) {
    releaseAll(scope.captured);
    throw error;
  } finally {
    uninstallForScope(scope);
  }
}

const fail = (scope: CaptureScope, error: unknown): never =>
  close(scope, () => {
    throw error;
  });

function refuse(scope: CaptureScope, result: PromiseLike<unknown>): Promise<never> {
  // The function runs on without us; whatever comes of it must not count as an unhandled rejection.
  result.then(undefined, () => undefined);
  return new Promise(() =>
    fail(
      scope,
      new ScopeOverlapError(
        'withCapture: asynchronous scopes cannot overlap here, got a second one meanwhile. ' +
          'Await the first one.',
      ),
    ),
  );
}
