/** A histogram's counts of values in the WASM backend's memory, by count-in-bins.wat. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {binFinder} from './bin-finder.js';
import {borrowMemory, isInMemory} from './borrow-memory.js';
import {countInBinsCode} from './count-in-bins-code.js';
import {functionOver} from '../function-over.js';
import {addPlainCounts} from './plain-counts.js';
import type {OutsideBins} from './plain-counts.js';

/** The function of count-in-bins.wat, as that says. */
type Count = (
  at: number,
  end: number,
  low: number,
  high: number,
  pivot: number,
  scale: number,
  width: number,
  table: number,
) => readonly [above: number, isAnyNotFinite: number];

/**
 * Adds to `counts` as `countInBins` does, which checks what it is given. `values` may be detached afterwards.
 *
 * @returns null, and adds nothing, where plain JavaScript is the only way: there is no such memory, no SIMD, no
 *     room for tables, no quick way to find bins, or there are less than four values
 */
export function scanBins(
  values: Float32Array,
  counts: Float64Array,
  low: number,
  width: number,
  high: number,
  backend: KernelBackend,
): OutsideBins | null {
  const bins = counts.length;
  const count = values.length & ~3;
  if (count === 0 || !isInMemory(values, backend)) return null;
  const finder = binFinder(bins, low, width, high);
  const run = finder && (functionOver(backend, countInBinsCode) as Count | null);
  if (!run) return null;
  const at = values.byteOffset;
  // One more bin on either side.
  const slots = bins + 2;
  return borrowMemory(values, backend, 16 * slots, (memory) => {
    const table = new Int32Array(memory.buffer, memory.at, 4 * slots).fill(0);
    const [beyond, isAnyNotFinite] = run(
      at,
      at + 4 * count,
      finder.low,
      finder.high,
      finder.pivot,
      finder.scale,
      finder.width,
      2 ** 48 + memory.at / 16 + finder.before + 1,
    );
    for (let bin = 0; bin < bins; bin++) add(counts, bin, inSlot(table, bin + 1));
    // What is above is counted as the largest value of the last bin, which may be found one beyond it.
    add(counts, bins - 1, inSlot(table, bins + 1) - beyond);
    const rest = addPlainCounts(memory.values.subarray(count), counts, low, width, high);
    const no = {nan: 0, less: 0, more: 0};
    const {nan, less, more} = isAnyNotFinite ? notFinite(memory.values.subarray(0, count)) : no;
    return {
      below: rest.below + inSlot(table, 0) - nan - less,
      above: rest.above + beyond - more,
      nan: rest.nan + nan,
      infinite: rest.infinite + less + more,
    };
  });
}

const add = (counts: Float64Array, bin: number, count: number): void => {
  counts[bin] = (counts[bin] as number) + count;
};

const inSlot = (table: Int32Array, slot: number): number =>
  (table[4 * slot] as number) +
  (table[4 * slot + 1] as number) +
  (table[4 * slot + 2] as number) +
  (table[4 * slot + 3] as number);

/** NaN and -Infinity have been counted below, Infinity above. */
function notFinite(values: Float32Array): {nan: number; less: number; more: number} {
  const found = {nan: 0, less: 0, more: 0};
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (Math.abs(value) < Infinity) continue;
    if (Number.isNaN(value)) found.nan++;
    else if (value === -Infinity) found.less++;
    else found.more++;
  }
  return found;
}
