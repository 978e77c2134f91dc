/**
 * Follows a scope through asynchronous code, where the platform can (Node, Deno, Bun, workers), by
 * AsyncLocalStorage. Found at run time through `process.getBuiltinModule`, so that no bundler has to
 * know of it; browsers have nothing of the kind.
 */
import {runtime} from './runtime.js';
import type {CaptureScope} from './scope.js';

interface Storage {
  run<T>(scope: CaptureScope, fn: () => T): T;
  getStore(): CaptureScope | undefined;
  disable(): void;
}

export interface AsyncContext {
  /** Undefined until looked for, null where there is none. */
  storage: Storage | null | undefined;
  /** How many scopes need it now. */
  users: number;
  disablePlanned: boolean;
}

interface Platform {
  process?: {
    getBuiltinModule?: (name: string) => {AsyncLocalStorage: new () => Storage} | undefined;
  };
  setTimeout(fn: () => void): {unref?: () => void};
}

/** Whether scopes that wait for a promise can be told apart here. */
export function canFollowAsync(): boolean {
  return findStorage() !== null;
}

/** Runs `fn` so that what it starts knows its scope. Pair it with `leaveContext`. */
export function runInContext<T>(scope: CaptureScope, fn: () => T): T {
  const storage = findStorage();
  if (!storage) return fn();
  runtime().asyncContext.users++;
  return storage.run(scope, fn);
}

/** The scope that started the code which runs now, if it came here asynchronously. */
export function scopeOfContext(): CaptureScope | null {
  const {users, storage} = runtime().asyncContext;
  return (users > 0 && storage?.getStore()) || null;
}

/**
 * Must be called once for each `runInContext`, when its scope ends.
 *
 * While it is enabled AsyncLocalStorage slows down every promise of the process, so it is disabled
 * once no scope needs it; not at once, since that costs 3 µs, and scopes come in series.
 */
export function leaveContext(): void {
  const context = runtime().asyncContext;
  if (!context.storage || --context.users > 0 || context.disablePlanned) return;
  context.disablePlanned = true;
  const disable = (): void => {
    context.disablePlanned = false;
    if (context.users === 0) context.storage?.disable();
  };
  (globalThis as unknown as Platform).setTimeout(disable).unref?.();
}

function findStorage(): Storage | null {
  const context = runtime().asyncContext;
  if (context.storage === undefined) {
    const {process} = globalThis as unknown as Platform;
    const Found = process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage;
    context.storage = Found ? new Found() : null;
  }
  return context.storage;
}
