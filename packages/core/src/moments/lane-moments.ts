/** Moments of values in the WASM backend's memory, by lane-moments.wat. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {addPart, addValue} from './channel-moments.js';
import type {ChannelMoments, FinitePart} from './channel-moments.js';
import {laneMomentsCode} from './lane-moments-code.js';
import {lanesFor, scanLanes} from './lane-scan.js';
import type {LaneScan} from './lane-scan.js';
import {addPlainMoments, aroundMean, LONGEST_SUM} from './plain-moments.js';

/** What lane-moments.wat writes for each lane. */
const BYTES_PER_LANE = 32;

/** With fewer values, or fewer of a run, it takes longer to call WASM than to read them. */
const FEWEST_VALUES = 100;
const SHORTEST_RUN = 32;

/**
 * Adds the values, [outer, channels, inner], to `into`, which says how many channels they have. `values` may
 * be detached afterwards.
 *
 * @returns false, and adds nothing, where plain JavaScript is the only way or the quicker one
 */
export function addLaneMoments(
  into: ChannelMoments,
  values: Float32Array,
  inner: number,
  backend: KernelBackend,
): boolean {
  if (inner > 1) {
    if (inner < SHORTEST_RUN) return false;
    return scanLanes(values, backend, laneMomentsCode, 4 * BYTES_PER_LANE, (scan) => {
      addRuns(into, scan, inner);
    });
  }
  const lanes = lanesFor(into.count.length);
  const rows = Math.floor(values.length / lanes);
  if (rows < 2 || values.length < FEWEST_VALUES) return false;
  return scanLanes(values, backend, laneMomentsCode, lanes * BYTES_PER_LANE, (scan) => {
    addMatrix(into, scan, rows, lanes);
  });
}

function addMatrix(into: ChannelMoments, scan: LaneScan, rows: number, lanes: number): void {
  for (let row = 0; row < rows; row += LONGEST_SUM) {
    const some = Math.min(LONGEST_SUM, rows - row);
    scan.run(row * lanes, some, lanes);
    if (!addLanes(into, scan, some, lanes, 0, into.count.length))
      addPlainMoments(into, scan.values.subarray(row * lanes, (row + some) * lanes), 1);
  }
  addPlainMoments(into, scan.values.subarray(rows * lanes), 1);
}

/** A channel's values follow one another: a matrix of four lanes, and up to three values more. */
function addRuns(into: ChannelMoments, scan: LaneScan, inner: number): void {
  const rows = inner >> 2;
  for (let at = 0, channel = 0; at < scan.values.length; at += inner) {
    scan.run(at, rows, 4);
    const isAdded = addLanes(into, scan, rows, 4, channel, 1);
    for (let i = isAdded ? 4 * rows : 0; i < inner; i++)
      addValue(into, channel, scan.values[at + i] as number);
    if (++channel === into.count.length) channel = 0;
  }
}

/**
 * Adds what WASM left: lanes in groups of four, which belong to `channels` channels from `first` on, over and over.
 *
 * @returns false, and adds nothing, if a value is not finite
 */
function addLanes(
  into: ChannelMoments,
  {buffer, resultAt}: LaneScan,
  rows: number,
  lanes: number,
  first: number,
  channels: number,
): boolean {
  const floats = new Float32Array(buffer, resultAt, 8 * lanes);
  const counts = new Int32Array(buffer, resultAt, 8 * lanes);
  const sums = new Float64Array(buffer, resultAt, 4 * lanes);
  // Where each lane's numbers are, within 32 float32s or 16 float64s of its group.
  for (let lane = 0; lane < lanes; lane++)
    if (!Number.isFinite(sums[16 * (lane >> 2) + 12 + (lane & 3)])) return false;
  const part: FinitePart = {count: rows, min: 0, max: 0, mean: 0, squares: 0, nonPositive: 0};
  for (let lane = 0; lane < lanes; lane++) {
    const at = 32 * (lane >> 2) + (lane & 3);
    const sumAt = 16 * (lane >> 2) + 8 + (lane & 3);
    const apart = (sums[sumAt] as number) / rows;
    part.mean = (floats[at] as number) + apart;
    part.min = floats[at + 4] as number;
    part.max = floats[at + 8] as number;
    part.nonPositive = counts[at + 12] as number;
    part.squares = aroundMean(sums[sumAt + 4] as number, apart, rows);
    addPart(into, first + (lane % channels), part);
  }
  return true;
}
