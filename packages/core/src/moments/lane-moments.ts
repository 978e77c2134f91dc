/** Moments of values in the WASM backend's memory, by lane-moments.wat. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {addPart, addValue} from './channel-moments.js';
import type {ChannelMoments, FinitePart} from './channel-moments.js';
import {laneMomentsCode} from './lane-moments-code.js';
import {lanesFor, rowsOfBlock, scanLanes} from './lane-scan.js';
import type {LaneScan} from './lane-scan.js';
import {addPlainMoments, aroundMean, readAgain} from './plain-moments.js';

/** What lane-moments.wat writes for each lane. */
const BYTES_PER_LANE = 28;

/** How many rows a block has at most, and how many blocks a sum is of: rounding adds up over both. */
const MOST_ROWS = 64;
const MOST_BLOCKS = 64;

/**
 * How many times the squares around the mean those around zero may be for the former to be told from the latter.
 *
 * A value takes part in d additions at most, one for each row of its block, each block and each lane of its channel:
 * 132. Each rounds by up to 2 ** -53 of its result. Of n values the sum is then off by up to d * 2 ** -53 of the sum
 * of magnitudes, the sum of squares q by d * 2 ** -53 * q, and q - sum ** 2 / n by 3 * d * 2 ** -53 * q, which for a
 * mean of 22 standard deviations is 2e-11 of it: half of what a sum of LONGEST_SUM differences from the first value
 * may be off by, if that is one standard deviation from the mean. Most of it cancels, as roundings do.
 */
const MOST_TIMES = 512;

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
  const block = Math.min(MOST_ROWS, rowsOfBlock(lanes));
  const longest = MOST_BLOCKS * block;
  for (let row = 0; row < rows; row += longest) {
    const some = Math.min(longest, rows - row);
    scan.run(row * lanes, some, lanes, block);
    const values = scan.values.subarray(row * lanes, (row + some) * lanes);
    if (!addLanes(into, resultOf(scan, lanes), values, 0, into.count.length))
      addPlainMoments(into, values, 1);
  }
  addPlainMoments(into, scan.values.subarray(rows * lanes), 1);
}

/** A channel's values follow one another: a matrix of four lanes, and up to three values more. */
function addRuns(into: ChannelMoments, scan: LaneScan, inner: number): void {
  const longest = MOST_BLOCKS * MOST_ROWS;
  const rows = inner >> 2;
  // Made once: to make views takes longer than to read a short run.
  let result: LaneResult | undefined;
  for (let at = 0, channel = 0; at < scan.values.length; at += inner) {
    let done = 0;
    for (let row = 0; row < rows; row += longest) {
      const some = Math.min(longest, rows - row);
      scan.run(at + done, some, 4, MOST_ROWS);
      result ??= resultOf(scan, 4);
      const values = scan.values.subarray(at + done, at + done + 4 * some);
      if (!addLanes(into, result, values, channel, 1)) break;
      done += 4 * some;
    }
    for (; done < inner; done++) addValue(into, channel, scan.values[at + done] as number);
    if (++channel === into.count.length) channel = 0;
  }
}

/** What lane-moments.wat leaves, seen as each kind of number that is in it. */
interface LaneResult {
  readonly floats: Float32Array;
  readonly counts: Int32Array;
  readonly sums: Float64Array;
}

const resultOf = ({buffer, resultAt}: LaneScan, lanes: number): LaneResult => ({
  floats: new Float32Array(buffer, resultAt, 7 * lanes),
  counts: new Int32Array(buffer, resultAt, 7 * lanes),
  sums: new Float64Array(buffer, resultAt, 3.5 * lanes),
});

/**
 * Adds what WASM found of `values`: lanes that belong to `channels` channels from `first` on, over and over.
 *
 * @returns false, and adds nothing, if a value is not finite
 */
function addLanes(
  into: ChannelMoments,
  {floats, counts, sums}: LaneResult,
  values: Float32Array,
  first: number,
  channels: number,
): boolean {
  // Each group takes 28 float32s, or 14 float64s.
  for (let group = 10; group < sums.length; group += 14)
    for (let at = group; at < group + 4; at++) if (!Number.isFinite(sums[at])) return false;
  const lanes = floats.length / 7;
  const part: FinitePart = {count: 0, min: 0, max: 0, mean: 0, squares: 0, nonPositive: 0};
  part.count = values.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    let nonPositive = part.count;
    let min = Infinity;
    let max = -Infinity;
    let sum = 0;
    let squares = 0;
    for (let lane = channel; lane < lanes; lane += channels) {
      const at = 28 * (lane >> 2) + (lane & 3);
      const sumAt = 14 * (lane >> 2) + 6 + (lane & 3);
      nonPositive += counts[at] as number;
      min = Math.min(min, floats[at + 4] as number);
      max = Math.max(max, floats[at + 8] as number);
      sum += sums[sumAt] as number;
      squares += sums[sumAt + 4] as number;
    }
    part.min = min;
    part.max = max;
    part.nonPositive = nonPositive;
    part.mean = sum / part.count;
    part.squares = aroundMean(squares, part.mean, part.count);
    // So few equal float32s have an exact sum.
    if (min === max) part.squares = 0;
    else if (part.squares * MOST_TIMES < squares) readAgain(part, values, channel, channels);
    addPart(into, first + channel, part);
  }
  return true;
}
