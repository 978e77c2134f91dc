/**
 * Tells when a backend is set: the moment at which kernels that were registered late come into use.
 *
 * How: `setBackend` on the engine's prototype, which `tf.setBackend`, `tf.ready` and the lazy start of
 * a backend all go through, is swapped by a plain store. No engine changes shape.
 */
import {methodNamed, swapMethods} from './method-swaps.js';
import {engineInternals} from './tfjs-internals.js';

type SetBackend = (this: unknown, name: string) => Promise<boolean>;

/** A prepared watch: made once, started and stopped as often as needed. */
export interface BackendWatch {
  start(): void;
  stop(): void;
}

/** Prepares to call `onSet` whenever a backend is set. */
export function watchBackends(onSet: () => void): BackendWatch {
  let isWatching = false;
  const swaps = swapMethods(methodNamed<SetBackend>('setBackend'), (original) => {
    return function setBackend(name) {
      const set = original.call(this, name);
      if (isWatching) onSet();
      return set;
    };
  });
  swaps.add(engineInternals());
  return {
    start() {
      isWatching = true;
      swaps.install();
    },
    stop() {
      isWatching = false;
      swaps.uninstall();
    },
  };
}
