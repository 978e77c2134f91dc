/**
 * Tells when a backend is set: the moment at which kernels that were registered late come into use.
 *
 * How: `setBackend` on the engine's prototype, which `tf.setBackend`, `tf.ready` and the lazy start of
 * a backend all go through, is swapped by a plain store. No engine changes shape.
 */
import {methodNamed, swapMethods} from './method-swaps.js';
import type {MethodSwaps} from './method-swaps.js';
import {engineInternals} from './tfjs-internals.js';

type SetBackend = (this: unknown, name: string) => Promise<boolean>;

/** Prepares to call `onSet` whenever a backend is set, while the watch is installed. */
export function watchBackends(onSet: () => void): MethodSwaps {
  const watch = swapMethods(methodNamed<SetBackend>('setBackend'), (original, isInstalled) => {
    return function setBackend(name) {
      const set = original.call(this, name);
      // A wrapper that somebody has put on top of this one stays, and calls it still.
      if (isInstalled()) onSet();
      return set;
    };
  });
  watch.add(engineInternals());
  return watch;
}
