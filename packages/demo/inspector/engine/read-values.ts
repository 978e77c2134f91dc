/** Tensors read into plain arrays. */
import {getBackend} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/**
 * Reads tensors and disposes of them.
 *
 * @param onRead called after each
 * @returns their values as float32, in arrays of their own
 */
export function readValues(
  tensors: readonly Tensor[],
  onRead: () => void = () => undefined,
): Promise<Float32Array[]> {
  // All are asked for at once: a GPU reads them back in one go.
  return Promise.all(
    tensors.map(async (tensor) => {
      const values = await tensor.data();
      // Other backends than WASM may hand out the very array that they hold, which other tensors share.
      const isOurs = values instanceof Float32Array && getBackend() === 'wasm';
      const own = isOurs ? values : new Float32Array(values);
      tensor.dispose();
      onRead();
      return own;
    }),
  );
}
