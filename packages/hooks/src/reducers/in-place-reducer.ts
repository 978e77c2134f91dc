/** Completes a reducer that reads values where they lie. */
import {tidy} from '@tensorflow/tfjs-core';
import type {InPlaceReducer} from '../reducer.js';

/** @returns the same with `step`, for whoever calls the reducer by hand */
export function inPlaceReducer<V, S>(
  parts: Omit<InPlaceReducer<V, S>, 'step'>,
): InPlaceReducer<V, S> {
  return {
    ...parts,
    step(state, value, at) {
      const reduced = tidy(() => parts.onDevice(value, at).dataSync<'float32'>());
      parts.absorb(state, reduced, value.shape, at);
    },
  };
}
