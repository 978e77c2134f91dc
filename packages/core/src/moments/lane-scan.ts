/**
 * Reads values where the WASM backend keeps them, as a matrix of lanes: columns, of which WASM takes four
 * at a time. The matrix's rows are as many rows of channels as it takes to fill whole groups of four.
 */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {borrowMemory, isInMemory} from './borrow-memory.js';
import {functionOver} from '../function-over.js';
import type {Code} from '../function-over.js';

/** A function of lane-*.wat, as that says. */
type LaneFunction = (
  at: number,
  rows: number,
  stride: number,
  block: number,
  result: number,
) => void;

/** What a scan reads, and where it leaves its result. */
export interface LaneScan {
  /** A view that holds whatever became of the one that was given. */
  readonly values: Float32Array;
  readonly buffer: ArrayBufferLike;
  readonly resultAt: number;
  /** Reads `rows` rows of `lanes` lanes, beginning with the value at `from`, by blocks of so many rows. */
  run(from: number, rows: number, lanes: number, block?: number): void;
}

/** How many lanes there are where each belongs to one channel, over and over. */
export const lanesFor = (channels: number): number =>
  channels * (channels % 4 === 0 ? 1 : channels % 2 === 0 ? 2 : 4);

/** What the cache closest to the processor holds of float32s. */
const CACHE = 1 << 13;

/** Rows of a block unless told. Of long rows some more, or what rests between blocks is moved more often than it is used. */
export const rowsOfBlock = (lanes: number): number => Math.max(8, Math.floor(CACHE / lanes));

/**
 * Calls `use` with bytes set aside for the result, which are its own until it returns. To set them aside
 * may grow the backend's memory, which detaches `values` and every other view of it.
 *
 * @returns false, and calls nothing, where `values` do not lie in such memory, or there is no SIMD
 */
export function scanLanes(
  values: Float32Array,
  backend: KernelBackend,
  code: Code,
  resultBytes: number,
  use: (scan: LaneScan) => void,
): boolean {
  if (!isInMemory(values, backend)) return false;
  const read = functionOver(backend, code) as LaneFunction | null;
  if (!read) return false;
  const {byteOffset} = values;
  const isDone = borrowMemory(values, backend, resultBytes, (memory) => {
    use({
      values: memory.values,
      buffer: memory.buffer,
      resultAt: memory.at,
      run(from, rows, lanes, block = rowsOfBlock(lanes)) {
        read(byteOffset + 4 * from, rows, 4 * lanes, block, memory.at);
      },
    });
    return true;
  });
  return isDone ?? false;
}
