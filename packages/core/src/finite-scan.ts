/**
 * Whether what goes into an activation is finite.
 *
 * A sum of products is no larger than its terms can make it: where a bound of the input is known, or
 * quicker to find out, the result itself is not read. Bounds of weights, and of what comes out of a ReLU,
 * are kept with their data.
 *
 * WASM's values are read where they lie, by 99 bytes of WASM of our own over the backend's memory: they
 * take the largest of all values with their signs shifted out, four at a time. Plain JavaScript, which
 * reads the rest, takes several times as long.
 */
import type {KernelBackend, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import type {KernelParams} from './kernel-registry.js';
import {valuesInPlace} from './tfjs-internals.js';
import type {DataId} from './tfjs-internals.js';
import {instantiateOver} from './wasm-over-memory.js';

/** No value of the data is larger, whatever its sign; NaN or Infinity if one is not finite. */
export const bounds = new WeakMap<DataId, number>();

/**
 * A bound of a fused kernel's pre-activation; not finite if that has a value that is not.
 *
 * @returns 0 where values cannot be read in place: GPU backends apply the same shader either way
 */
export function boundOf(pre: TensorInfo, {inputs, backend}: KernelParams): number {
  const on = backend as KernelBackend;
  const values = valuesInPlace(on, pre);
  if (values === null) return 0;
  const known = (info: TensorInfo): number => {
    let bound = bounds.get(info.dataId);
    if (bound === undefined) {
      const read = valuesInPlace(on, info);
      bound = read ? largestOf(read, on) : NaN;
      bounds.set(info.dataId, bound);
    }
    return bound;
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

/** The largest of all values, whatever their signs; NaN or Infinity if one is not finite. */
function largestOf(values: Float32Array, backend: KernelBackend): number {
  let largest = 0;
  let i = 0;
  // To call WASM for four results takes as long as to read some hundred values.
  const scan = values.length > 500 ? scannerOf(backend) : null;
  if (scan) {
    i = values.length & ~3;
    const from = values.byteOffset;
    const lanes = scan(from, from + 4 * i).map((bits) => (bits >>> 0) / 2);
    largest = new Float32Array(Uint32Array.of(Math.max(...lanes)).buffer)[0] as number;
  }
  for (; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  return largest;
}

/** The largest values of the float32s in the bytes from `start` to `end`, a multiple of 16, doubled as integers. */
type Scanner = (start: number, end: number) => number[];

const scanners = new WeakMap<KernelBackend, Scanner | null>();

/** Null where there is no WASM memory, or no SIMD. */
function scannerOf(backend: KernelBackend): Scanner | null {
  let scanner = scanners.get(backend);
  if (scanner === undefined) {
    scanner = instantiateOver(backend, scannerCode) as Scanner | null;
    scanners.set(backend, scanner);
  }
  return scanner;
}

/**
 * (func (param $at i32) (param $end i32) (result i32 i32 i32 i32) (local $largest v128)
 *   (loop
 *     (local.set $largest (i32x4.max_u
 *       (local.get $largest) (i32x4.shl (v128.load (local.get $at)) (i32.const 1))))
 *     (br_if 0 (i32.lt_u
 *       (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
 *   (i32x4.extract_lane 0 (local.get $largest)) … (i32x4.extract_lane 3 (local.get $largest)))
 *
 * As base64 of the binary form. Threads have a shared memory, which is imported as such.
 */
function scannerCode(isShared: boolean): string {
  const memory = isShared ? 'CQEAAAIDAICABAMC' : 'BgEAAAIAAAMC';
  return (
    'AGFzbQEAAAABCgFgAn9/BH9/f38C' +
    memory +
    'AQAHBAEAAAAKOwE5AQF7A0AgAiAA/QACAEEB/asB/bkBIQIgAEEQaiIAIAFJ' +
    'DQALIAL9GwAgAv0bASAC/RsCIAL9GwML'
  );
}
