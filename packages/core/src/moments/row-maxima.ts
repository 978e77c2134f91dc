/** Which rows of a batch excite a channel most: the largest value of each row and channel. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {wrongArgument} from '../errors.js';
import {laneMaximaCode} from './lane-maxima-code.js';
import {lanesFor, scanLanes} from './lane-scan.js';

/** With fewer values of a row, or of a run, it takes longer to call WASM than to read them. */
const FEWEST_VALUES = 100;

/**
 * The largest value of each row and channel; -Infinity where there is none, since NaN is left out.
 *
 * On the WASM backend the computation borrows some memory of it, which may grow it: every view of that memory,
 * `values` too, is then detached, so make it anew before you read from it again.
 *
 * @param values [rows, outer, channels, inner], without a copy; `inner` is 1 where channels are last
 * @param backend the one that holds them
 * @returns [rows, channels]; the caller's
 * @throws CaptureArgumentError if `values` are no whole number of [channels, inner] in each row
 */
export function rowMaxima(
  values: Float32Array,
  rows: number,
  channels: number,
  inner: number,
  backend: KernelBackend,
): Float32Array {
  if (values.length > 0 && values.length % (rows * channels * inner) !== 0)
    throw wrongArgument(
      'rowMaxima',
      `values must be ${rows} times a whole number of [${channels} channels, ${inner}]`,
      values.length,
      'Take rows, channels and inner from the shape of the tensor.',
    );
  const maxima = new Float32Array(rows * channels).fill(-Infinity);
  // One channel is last and first.
  const isLast = inner === 1 || channels === 1;
  const run = isLast ? values.length / rows : inner;
  const sharers = isLast ? channels : 1;
  const runsOfRow = values.length / rows / run;
  /** Where the maxima of the run that begins at `from` are. */
  const placeOf = (from: number): number => {
    const index = from / run;
    return isLast
      ? index * channels
      : Math.floor(index / runsOfRow) * channels + (index % channels);
  };
  if (!addLaneMaxima(maxima, values, run, sharers, placeOf, backend))
    for (let from = 0; from < values.length; from += run)
      addPlainMaxima(maxima, placeOf(from), sharers, values.subarray(from, from + run));
  return maxima;
}

/** Adds runs of values that belong to `channels` channels, over and over. Returns false where plain JavaScript is quicker. */
function addLaneMaxima(
  maxima: Float32Array,
  values: Float32Array,
  run: number,
  channels: number,
  placeOf: (from: number) => number,
  backend: KernelBackend,
): boolean {
  const lanes = lanesFor(channels);
  const rows = Math.floor(run / lanes);
  if (!(run >= FEWEST_VALUES && rows >= 2)) return false;
  return scanLanes(values, backend, laneMaximaCode, 4 * lanes, (scan) => {
    const found = new Float32Array(scan.buffer, scan.resultAt, lanes);
    for (let from = 0; from < scan.values.length; from += run) {
      scan.run(from, rows, lanes);
      const rest = scan.values.subarray(from + rows * lanes, from + run);
      for (const some of [found, rest]) addPlainMaxima(maxima, placeOf(from), channels, some);
    }
  });
}

/** Adds values of `channels` channels, over and over, whose maxima begin at `place`. */
function addPlainMaxima(
  maxima: Float32Array,
  place: number,
  channels: number,
  values: Float32Array,
): void {
  for (let at = 0; at < values.length; at += channels)
    for (let channel = 0; channel < channels; channel++) {
      const value = values[at + channel] as number;
      if (value > (maxima[place + channel] as number)) maxima[place + channel] = value;
    }
}
