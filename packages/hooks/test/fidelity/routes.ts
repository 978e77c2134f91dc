/**
 * The two routes that tfjs takes through a model. In inference layers run fused kernels; while a
 * gradient tape is on, a layer with an activation runs its parts one by one.
 */
import * as tf from '@tensorflow/tfjs-core';

export type Route = 'fused' | 'taped';
export const ROUTES: readonly Route[] = ['fused', 'taped'];

/** Runs `fn` on a route, in a tidy: it must download what it wants to keep. */
export function onRoute<T>(route: Route, fn: () => T): T {
  let result!: T;
  const run = (): void => void (result = fn());
  if (route === 'fused') tf.tidy(run);
  else {
    // The gradient of something else: WASM lacks the kernels for that of some layers.
    tf.tidy(() => {
      tf.grad((x) => {
        run();
        return tf.sum(x);
      })(tf.scalar(0));
    });
  }
  return result;
}
