/**
 * Tells when a backend is set: the moment at which kernels that were registered late come into use.
 *
 * How: `setBackend` on the engine's prototype, which `tf.setBackend`, `tf.ready` and the lazy start of
 * a backend all go through, is swapped by a plain store. No engine changes shape.
 */
import {engineInternals} from './tfjs-internals.js';

interface EnginePrototype {
  setBackend: (name: string) => Promise<boolean>;
}

/** A prepared watch: made once, started and stopped as often as needed. */
export interface BackendWatch {
  start(): void;
  stop(): void;
}

/** Prepares to call `onSet` whenever a backend is set. */
export function watchBackends(onSet: () => void): BackendWatch {
  const prototype = Object.getPrototypeOf(engineInternals()) as EnginePrototype;
  let watching = false;
  let original = prototype.setBackend;
  let ours = wrap(original);

  function wrap(setBackend: EnginePrototype['setBackend']): EnginePrototype['setBackend'] {
    return function (this: unknown, name) {
      const set = setBackend.call(this, name);
      if (watching) onSet();
      return set;
    };
  }

  return {
    start() {
      watching = true;
      if (prototype.setBackend === ours) return;
      if (prototype.setBackend !== original) {
        original = prototype.setBackend;
        ours = wrap(original);
      }
      prototype.setBackend = ours;
    },
    stop() {
      watching = false;
      if (prototype.setBackend === ours) prototype.setBackend = original;
    },
  };
}
