/** Numbers that are the same in every run, on both sides of where activation functions bend. */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';

/** Uniform in -scale … scale. */
export function seeded(shape: readonly number[], seed: number, scale = 3): Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const values = new Float32Array(size);
  let state = (seed * 2654435761 + 12345) >>> 0;
  for (let i = 0; i < size; i++) {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    values[i] = (((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1) * scale;
  }
  return tf.tensor(values, [...shape], 'float32');
}

/** Gives a built layer or model weights, biases included, that depend on their shapes and places alone. */
export function setSeededWeights(layer: layers.Layer, seed = 7): void {
  tf.tidy(() =>
    layer.setWeights(layer.getWeights().map(({shape}, i) => seeded(shape, seed + i, 1))),
  );
}
