import type {Tensor} from '@tensorflow/tfjs-core';
import {count} from './check.js';
import type {Check} from './check.js';

/** Whether two results are the same, bit for bit: NaN equals NaN, and −0 is not 0. */
export async function checkSameBits(captured: Tensor, plain: Tensor): Promise<Check> {
  const [left, right] = await Promise.all([bitsOf(captured), bitsOf(plain)]);
  const differing =
    left.length === right.length
      ? left.filter((bits, index) => bits !== right[index]).length
      : left.length;
  return {
    passed: differing === 0,
    sentence:
      `output of the captured pass = plain predict: ` +
      `${count(differing)} of ${count(right.length)} values differ in any bit`,
  };
}

async function bitsOf(tensor: Tensor): Promise<Uint32Array> {
  const values = await tensor.data<'float32'>();
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
