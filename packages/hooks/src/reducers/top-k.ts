/** Which inputs excite a channel most. */
import {rowMaxima, wrongArgument} from '@tfjs-capture/core';
import {cast, fill, isNaN, max, reshape, where} from '@tensorflow/tfjs-core';
import type {Rank} from '@tensorflow/tfjs-core';
import type {InPlaceReducer, ReducedPoint} from '../reducer.js';
import {layoutOfChannels} from './channel-layout.js';
import {inPlaceReducer} from './in-place-reducer.js';
import {addMaxima, emptyTopInputs, mergeTopInputs, topInputsOf} from './top-inputs.js';
import type {TopInput, TopInputs} from './top-inputs.js';

export type {TopInput} from './top-inputs.js';

export interface TopKOptions {
  /** How many inputs per channel. */
  readonly k: number;
}

/** Per channel: its inputs, the most exciting first; of equal ones the earlier first. */
export type TopK = readonly (readonly TopInput[])[];

/** @throws CaptureArgumentError unless `k` is a whole number of 1 or more */
export function topKReducer({k}: TopKOptions): InPlaceReducer<TopK, TopInputs> {
  if (!Number.isInteger(k) || k < 1) {
    throw wrongArgument('topK', 'k must be a whole number of 1 or more', k, 'Pass {k: 9}.');
  }
  return inPlaceReducer<TopK, TopInputs>({
    kind: `topK of ${k}`,
    init: () => emptyTopInputs(k),
    read(state, {values, shape, backend}, at) {
      const {rows, channels, inner} = layoutOfRows(shape, at);
      const maxima = rowMaxima(values(), rows, channels, inner, backend);
      addMaxima(state, maxima, rows, channels);
    },
    onDevice(value, at) {
      const {rows, channels, inner} = layoutOfRows(value.shape, at);
      const x = reshape(cast(value, 'float32'), [rows, -1, channels, inner]);
      const known = where(isNaN(x), fill(x.shape, -Infinity), x);
      return reshape<Rank.R1>(max(known, [1, 3]), [-1]);
    },
    absorb(state, reduced, shape, at) {
      const {rows, channels} = layoutOfRows(shape, at);
      addMaxima(state, reduced, rows, channels);
    },
    merge: mergeTopInputs,
    finish: topInputsOf,
  });
}

/** Inputs lie along the first axis, unless that is the channels'. */
function layoutOfRows(
  shape: readonly number[],
  {channelAxis}: ReducedPoint,
): {rows: number; channels: number; inner: number} {
  const rows = channelAxis > 0 ? (shape[0] ?? 1) : 1;
  return {rows, ...layoutOfChannels(shape, channelAxis)};
}
