/**
 * Tells when a backend is set: the moment at which kernels that were registered late come into use.
 *
 * How: `setBackend` on the engine's prototype, which `tf.setBackend`, `tf.ready` and the lazy start of
 * a backend all go through, is swapped by a plain store while somebody listens. No engine changes shape.
 */
import {engineInternals} from './tfjs-internals.js';
import {runtime} from './runtime.js';

type SetBackend = (name: string) => Promise<boolean>;

export interface BackendWatch {
  readonly listeners: Set<() => void>;
  /** Our method and the one that it replaced, once made. */
  swap: {readonly holder: {setBackend: SetBackend}; readonly original: SetBackend; readonly ours: SetBackend} | null;
}

/**
 * Calls `onSet` whenever a backend is set.
 *
 * @returns the undo
 */
export function watchBackends(onSet: () => void): () => void {
  const {backendWatch} = runtime();
  if (backendWatch.listeners.size === 0) start(backendWatch);
  backendWatch.listeners.add(onSet);
  return () => {
    if (backendWatch.listeners.delete(onSet) && backendWatch.listeners.size === 0) stop(backendWatch);
  };
}

function start(watch: BackendWatch): void {
  const holder = Object.getPrototypeOf(engineInternals()) as {setBackend: SetBackend};
  if (watch.swap?.holder !== holder || watch.swap.original !== holder.setBackend) {
    const original = holder.setBackend;
    const ours: SetBackend = function setBackend(this: unknown, name) {
      const set = original.call(this, name);
      for (const listener of watch.listeners) listener();
      return set;
    };
    watch.swap = {holder, original, ours};
  }
  watch.swap.holder.setBackend = watch.swap.ours;
}

function stop({swap}: BackendWatch): void {
  if (swap && swap.holder.setBackend === swap.ours) swap.holder.setBackend = swap.original;
}
