/**
 * Follows a scope through asynchronous code, where the platform can (Node, Deno, Bun), by
 * AsyncLocalStorage. Found at run time through `process.getBuiltinModule`, so that no bundler has to
 * know of it. Browsers have nothing of the kind, so that a bundle for them leaves this out.
 */
import {runtime} from './runtime.js';
import type {CaptureScope} from './scope.js';

export interface AsyncContext {
  /** Runs `fn` so that what it starts knows its scope. Pair it with `leave`. */
  run<T>(scope: CaptureScope, fn: () => T): T;
  /** The scope that started the code which runs now, if it came here asynchronously. */
  current(): CaptureScope | null;
  /** Must be called once for each `run`, when its scope ends. */
  leave(): void;
}

interface Storage {
  run<T>(scope: CaptureScope, fn: () => T): T;
  getStore(): CaptureScope | undefined;
  disable(): void;
}

interface Platform {
  process?: {
    getBuiltinModule?: (name: string) => {AsyncLocalStorage: new () => Storage} | undefined;
  };
  setTimeout(fn: () => void): {unref?: () => void};
}

/** Has scopes that wait for a promise told apart from now on, if the platform can. */
export function followAsync(): void {
  const shared = runtime();
  if (shared.asyncContext !== undefined) return;
  const {process} = globalThis as unknown as Platform;
  const Found = process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage;
  shared.asyncContext = Found ? contextOf(new Found()) : null;
}

function contextOf(storage: Storage): AsyncContext {
  /** How many scopes need it now. */
  let users = 0;
  let isDisablePlanned = false;
  return {
    run(scope, fn) {
      users++;
      return storage.run(scope, fn);
    },
    current: () => (users > 0 ? (storage.getStore() ?? null) : null),
    leave() {
      // While it is enabled AsyncLocalStorage slows down every promise of the process, so it is disabled
      // once no scope needs it; not at once, since that costs 3 µs, and scopes come in series.
      if (--users > 0 || isDisablePlanned) return;
      isDisablePlanned = true;
      const timer = (globalThis as unknown as Platform).setTimeout(() => {
        isDisablePlanned = false;
        if (users === 0) storage.disable();
      });
      timer.unref?.();
    },
  };
}
