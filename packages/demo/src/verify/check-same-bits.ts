import type {Tensor} from '@tensorflow/tfjs-core';
import {count} from './check.js';
import type {Check} from './check.js';

/** Whether two results are the same, bit for bit: NaN equals NaN, and −0 is not 0. */
export async function checkSameBits(captured: Tensor, plain: Tensor): Promise<Check> {
  const [left, right] = await Promise.all([bitsOf(captured), bitsOf(plain)]);
  const differing = countDiffering(left, right);
  return {
    passed: differing === 0,
    sentence:
      `output of the captured pass = plain predict: ` +
      `${count(differing)} of ${count(right.length)} values differ in any bit`,
  };
}

/** In how many places two tensors' bits differ: in all of them if one is longer. */
export function countDiffering(left: Uint32Array, right: Uint32Array): number {
  if (left.length !== right.length) return Math.max(left.length, right.length);
  return left.filter((bits, index) => bits !== right[index]).length;
}

/** The bits of a tensor's float32 values, copied: they stay as they are when the tensor changes. */
export async function bitsOf(tensor: Tensor): Promise<Uint32Array> {
  const values = await tensor.data<'float32'>();
  return new Uint32Array(values.slice().buffer);
}
