/**
 * Whether all values of a tensor are finite.
 *
 * WASM's values are read where they lie, by 89 bytes of WASM of our own over the backend's memory: they
 * take the largest of all values with their signs shifted out, four at a time, and non-finite ones are
 * larger than all others then. Plain JavaScript, which reads the rest, takes three times as long.
 */
import type {KernelBackend, TensorInfo} from '@tensorflow/tfjs-core';
import {valuesInPlace, wasmMemoryOf} from './tfjs-internals.js';

/** True also where values cannot be read in place: GPU backends apply the same shader either way. */
export function allFinite(backend: KernelBackend, info: TensorInfo): boolean {
  const values = valuesInPlace(backend, info);
  if (values === null) return true;
  const blocks = values.length & ~3;
  const scan = blocks > 0 ? scannerOf(backend) : null;
  if (!scan) return allFiniteFrom(values, 0);
  const from = values.byteOffset;
  return scan(from, from + 4 * blocks) === 0 && allFiniteFrom(values, blocks);
}

/** 0·x is 0 for finite x and NaN otherwise, and NaN stays in a sum. */
function allFiniteFrom(values: Float32Array, from: number): boolean {
  const size = values.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = from;
  for (; i + 3 < size; i += 4) {
    a += 0 * (values[i] as number);
    b += 0 * (values[i + 1] as number);
    c += 0 * (values[i + 2] as number);
    d += 0 * (values[i + 3] as number);
  }
  for (; i < size; i++) a += 0 * (values[i] as number);
  return a + b + c + d === 0;
}

/** 1 if a float32 in the bytes from `start` to `end`, a multiple of 16 bytes, is not finite. */
type Scanner = (start: number, end: number) => number;

const scanners = new WeakMap<KernelBackend, Scanner | null>();

/** Null where there is no WASM memory, or no SIMD. */
function scannerOf(backend: KernelBackend): Scanner | null {
  let scanner = scanners.get(backend);
  if (scanner === undefined) scanners.set(backend, (scanner = makeScanner(backend)));
  return scanner;
}

function makeScanner(backend: KernelBackend): Scanner | null {
  const memory = wasmMemoryOf(backend);
  if (memory === null) return null;
  try {
    const {Module, Instance} = (globalThis as unknown as {WebAssembly: Wasm}).WebAssembly;
    const isShared = !(memory.buffer instanceof ArrayBuffer);
    return new Instance(new Module(scannerCode(isShared)), {'': {'': memory}}).exports[''];
  } catch {
    return null;
  }
}

interface Wasm {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => {exports: {'': Scanner}};
}

/**
 * (func (param $at i32) (param $end i32) (result i32) (local $largest v128)
 *   (loop
 *     (local.set $largest (i32x4.max_u
 *       (local.get $largest) (i32x4.shl (v128.load (local.get $at)) (i32.const 1))))
 *     (br_if 0 (i32.lt_u
 *       (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
 *   (v128.any_true (i32x4.ge_u (local.get $largest) (i32x4.splat (i32.const 0xff000000)))))
 */
function scannerCode(isShared: boolean): Uint8Array {
  const limits = isShared ? [3, 0, 0x80, 0x80, 4] : [0, 0];
  // prettier-ignore
  return new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0,
    1, 7, 1, 96, 2, 127, 127, 1, 127,
    2, 4 + limits.length, 1, 0, 0, 2, ...limits,
    3, 2, 1, 0,
    7, 4, 1, 0, 0, 0,
    10, 52, 1, 50, 1, 1, 123,
    3, 64, 32, 2, 32, 0, 253, 0, 2, 0, 65, 1, 253, 171, 1, 253, 185, 1, 33, 2,
    32, 0, 65, 16, 106, 34, 0, 32, 1, 73, 13, 0, 11,
    32, 2, 65, 128, 128, 128, 120, 253, 17, 253, 64, 253, 83, 11,
  ]);
}
