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
  let sum = 0;
  for (let i = from; i < values.length; i++) sum += 0 * (values[i] as number);
  return sum === 0;
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
    const {WebAssembly, atob} = globalThis as unknown as Platform;
    const code = atob(scannerCode(!(memory.buffer instanceof ArrayBuffer)));
    const module = new WebAssembly.Module(Uint8Array.from(code, (byte) => byte.charCodeAt(0)));
    return new WebAssembly.Instance(module, {'': {'': memory}}).exports[''];
  } catch {
    return null;
  }
}

interface Platform {
  readonly WebAssembly: {
    readonly Module: new (code: Uint8Array) => object;
    readonly Instance: new (module: object, imports: object) => {exports: {'': Scanner}};
  };
  readonly atob: (base64: string) => string;
}

/**
 * (func (param $at i32) (param $end i32) (result i32) (local $largest v128)
 *   (loop
 *     (local.set $largest (i32x4.max_u
 *       (local.get $largest) (i32x4.shl (v128.load (local.get $at)) (i32.const 1))))
 *     (br_if 0 (i32.lt_u
 *       (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
 *   (v128.any_true (i32x4.ge_u (local.get $largest) (i32x4.splat (i32.const 0xff000000)))))
 *
 * As base64 of the binary form. Threads have a shared memory, which is imported as such.
 */
function scannerCode(isShared: boolean): string {
  const memory = isShared ? 'CQEAAAIDAICABAMC' : 'BgEAAAIAAAMC';
  return (
    'AGFzbQEAAAABBwFgAn9/AX8C' +
    memory +
    'AQAHBAEAAAAKNAEyAQF7A0AgAiAA/QACAEEB/asB/bkBIQIgAEEQaiIAIAFJ' +
    'DQALIAJBgICAeP0R/UD9Uws='
  );
}
