/** Reads rows of a decoded image: only those that are asked for become numbers of four bytes. */
import {tensor3d} from '@tensorflow/tfjs-core';
import type {Tensor3D} from '@tensorflow/tfjs-core';
import type {Picture} from '../protocol/run.js';

/** [rows, columns, RGBA], 0 to 255: of each row the pixels from `left` on. The caller disposes of it. */
export function pictureRows(
  {rgba, width}: Picture,
  rows: readonly number[],
  left: number,
  columns: number,
): Tensor3D {
  const bytes = new Uint8Array(rows.length * columns * 4);
  for (const [index, row] of rows.entries()) {
    const start = (row * width + left) * 4;
    bytes.set(rgba.subarray(start, start + columns * 4), index * columns * 4);
  }
  return tensor3d(bytes, [rows.length, columns, 4], 'float32');
}
