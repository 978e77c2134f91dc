/**
 * Whether what goes into an activation is finite.
 *
 * A sum of products is no larger than its terms can make it: where a bound of the input is known, or
 * quicker to find out, the result itself is not read. Bounds of weights, and of what comes out of a ReLU,
 * are kept with their data.
 *
 * WASM's values are read where they lie, by finite-scan.wat over the backend's memory. Plain JavaScript, which
 * reads the rest, takes several times as long.
 */
import type {KernelBackend, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import {finiteScanCode} from './finite-scan-code.js';
import {functionOver} from './function-over.js';
import type {KernelParams} from './kernel-registry.js';
import {valuesInPlace} from './tfjs-internals.js';
import type {DataId} from './tfjs-internals.js';

/**
 * No value of the data is larger, whatever its sign; NaN or Infinity if one is not finite.
 *
 * No WeakMap: its entries stay until V8 collects all its garbage, which it seldom does where values lie in WASM's
 * memory, and to add one to some thousand others took 20 µs.
 */
export const bounds = new Map<DataId, number>();

/**
 * A bound of a fused kernel's pre-activation; not finite if that has a value that is not.
 *
 * @returns 0 where values cannot be read in place: GPU backends apply the same shader either way
 */
export function boundOf(pre: TensorInfo, {inputs, backend}: KernelParams): number {
  const on = backend as KernelBackend;
  const values = valuesInPlace(on, pre);
  if (values === null) return 0;
  if (bounds.size > 1000) bounds.clear();
  const known = (info: TensorInfo): number => {
    const {dataId} = info;
    const read = bounds.has(dataId) ? null : valuesInPlace(on, info);
    if (read) bounds.set(dataId, largestOf(read, on));
    return bounds.get(dataId) ?? NaN;
  };
  const {a, b, x = a, filter = b, bias} = inputs as Record<string, Tensor | undefined>;
  // A small result is read sooner than bounds are looked up.
  if (x && filter && values.length > 1000 && (bounds.has(x.dataId) || x.size < values.length)) {
    const bound = known(x) * known(filter) * filter.size + (bias ? known(bias) : 0);
    // A third of what single precision holds: room enough for how sums are rounded.
    if (bound < 1e38) return bound;
  }
  return largestOf(values, on);
}

/** Whether none of the values is NaN or infinite. */
export const isAllFinite = (values: Float32Array, backend: KernelBackend): boolean =>
  Number.isFinite(largestOf(values, backend));

/** The function of finite-scan.wat, as that says. */
type Scan = (at: number, end: number) => readonly number[];

/** The largest of all values, whatever their signs; NaN or Infinity if one is not finite. */
function largestOf(values: Float32Array, backend: KernelBackend): number {
  let largest = 0;
  let i = 0;
  // To call WASM for four results takes as long as to read some hundred values.
  const scan = values.length > 500 ? (functionOver(backend, finiteScanCode) as Scan | null) : null;
  if (scan) {
    i = values.length & ~3;
    const from = values.byteOffset;
    largest = Math.max(...scan(from, from + 4 * i));
  }
  for (; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  return largest;
}
