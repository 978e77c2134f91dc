/** Bytes of the WASM backend's memory, for as long as a function of ours needs them. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {wasmHeapOf, wasmMemoryOf} from '../tfjs-internals.js';

export interface BorrowedMemory {
  /** A view that holds whatever became of the one that was given. */
  readonly values: Float32Array;
  readonly buffer: ArrayBufferLike;
  /** Address of the bytes set aside, which are not cleared. */
  readonly at: number;
}

/** Whether values lie in the WASM backend's memory, where WASM of ours can read them. */
export const isInMemory = (values: Float32Array, backend: KernelBackend): boolean =>
  values.buffer === wasmMemoryOf(backend)?.buffer;

/**
 * Calls `use` with bytes set aside, which are its own until it returns. To set them aside may grow the backend's
 * memory, which detaches `values` and every other view of it.
 *
 * @param values in that memory
 * @returns what `use` does; null, and calls nothing, where there is no room
 */
export function borrowMemory<T>(
  values: Float32Array,
  backend: KernelBackend,
  bytes: number,
  use: (memory: BorrowedMemory) => T,
): T | null {
  const {byteOffset, length} = values;
  const heap = wasmHeapOf(backend);
  const at = heap._malloc(bytes) >>> 0;
  if (at === 0) return null;
  try {
    const buffer = wasmMemoryOf(backend)?.buffer as ArrayBufferLike;
    return use({values: new Float32Array(buffer, byteOffset, length), buffer, at});
  } finally {
    heap._free(at);
  }
}
