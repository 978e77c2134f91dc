/** Compares tensors by the bits of their numbers: NaN equals itself, and 0 differs from -0. */
import type {Tensor} from '@tensorflow/tfjs-core';

/** A tensor's contents, downloaded: they outlive the tensor. */
export interface Contents {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

export function download(tensor: Tensor | Contents): Contents {
  if ('values' in tensor) return tensor;
  const {shape, dtype} = tensor;
  return {shape: [...shape], dtype, values: tensor.dataSync().slice()};
}

/** What `predict` and its like return, as a list. */
export const listOf = (output: Tensor | Tensor[]): Tensor[] =>
  Array.isArray(output) ? output : [output];

/**
 * Fails unless both have the same shape, dtype and bits.
 *
 * @param what is compared, for the message
 */
export function expectSameBits(
  what: string,
  actual: Tensor | Contents,
  expected: Tensor | Contents,
): void {
  const a = download(actual);
  const b = download(expected);
  expect({what, shape: a.shape, dtype: a.dtype}).toEqual({what, shape: b.shape, dtype: b.dtype});
  const place = firstDifference(a, b);
  if (place < 0) return;
  throw new Error(
    `${what}: bits differ first at ${place} of ${a.values.length}, ` +
      `got ${show(a.values[place])}, expected ${show(b.values[place])}`,
  );
}

/** A key that two tensors share if and only if `expectSameBits` passes. */
export function bitsKey(tensor: Tensor | Contents): string {
  const {shape, dtype, values} = download(tensor);
  return `${dtype}[${shape.join()}]${Buffer.from(bitsOf(values).buffer).toString('base64')}`;
}

function firstDifference(a: Contents, b: Contents): number {
  const x = bitsOf(a.values);
  const y = bitsOf(b.values);
  return x.findIndex((bits, i) => bits !== y[i]);
}

const bitsOf = (values: ArrayLike<number>): Int32Array =>
  values instanceof Float32Array ? new Int32Array(values.slice().buffer) : Int32Array.from(values);

const show = (value: number | undefined): string => (Object.is(value, -0) ? '-0' : `${value}`);
