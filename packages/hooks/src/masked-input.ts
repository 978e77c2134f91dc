/** What goes into a Softmax over several axes behind a mask: the layer adds the mask inside its `call`. */
import {isTensor} from '@tfjs-capture/core';
import {add, cast, mul, sub, tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/**
 * The input as tfjs's Softmax masks it, by the same operations.
 *
 * @param kwargs what the layer is called with
 * @returns a tensor that the caller disposes of, or null if there is no mask
 */
export function maskedInput(input: Tensor, kwargs: unknown): Tensor | null {
  const {mask} = (kwargs ?? {}) as {mask?: unknown};
  if (!isTensor(mask)) return null;
  return tidy(() => {
    const adder = mul(sub(1, cast(mask, input.dtype)), -1e9);
    return add(input, adder);
  });
}
