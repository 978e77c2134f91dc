/** Tensors as plain data that can leave the page. WebGPU has no `dataSync`: all of this is asynchronous. */
import type {Tensor} from '@tensorflow/tfjs-core';

export interface Values {
  readonly shape: readonly number[];
  /** -0, NaN and the infinities survive the way to Node. */
  readonly values: readonly number[];
}

export async function valuesOf(tensor: Tensor): Promise<Values> {
  return {shape: [...tensor.shape], values: [...(await tensor.data())]};
}

/** Downloads a tensor that nobody needs any more. */
export async function takeValues(tensor: Tensor): Promise<Values> {
  const values = await valuesOf(tensor);
  tensor.dispose();
  return values;
}
