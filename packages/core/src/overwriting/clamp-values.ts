/** ReLU and ReLU6 where values lie, in WASM's memory. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {functionOver} from '../function-over.js';
import {clampValuesCode} from './clamp-values-code.js';

/** Writes over values. None may be NaN, and they must lie in the memory of the backend that this was made for. */
export type ClampValues = (values: Float32Array) => void;

/** The function of clamp-values.wat, as that says. */
type ClampBytes = (at: number, end: number, most: number) => void;

/**
 * Clamps values from 0 up to `most`, as the backend's own kernels do, bit for bit.
 *
 * @returns null where there is no WASM memory, or no SIMD
 */
export function clampValuesOn(backend: KernelBackend, most: number): ClampValues | null {
  const clamp = functionOver(backend, clampValuesCode) as ClampBytes | null;
  if (!clamp) return null;
  return (values) => {
    const {byteOffset, length} = values;
    const byFour = length & ~3;
    if (byFour > 0) clamp(byteOffset, byteOffset + 4 * byFour, most);
    // Math.max takes 0 for larger than -0.
    for (let i = byFour; i < length; i++)
      values[i] = Math.min(most, Math.max(0, values[i] as number));
  };
}
