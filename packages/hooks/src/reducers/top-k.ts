/** Which inputs excite a channel most. */
import {rowMaxima, wrongArgument} from '@tfjs-capture/core';
import {cast, fill, isNaN, max, reshape, where} from '@tensorflow/tfjs-core';
import type {Rank} from '@tensorflow/tfjs-core';
import type {InPlaceReducer, ReducedPoint} from '../reducer.js';
import {layoutOfChannels} from './channel-layout.js';
import {inPlaceReducer} from './in-place-reducer.js';

export interface TopKOptions {
  /** How many inputs per channel. */
  readonly k: number;
}

/** An input, and how much it excites a channel: its largest value there, wherever in the map. */
export interface TopInput {
  /** Of the input among all, counted over passes and merged captures, from 0. */
  readonly index: number;
  readonly value: number;
}

/** Per channel: its inputs, the most exciting first; of equal ones the earlier first. */
export type TopK = readonly (readonly TopInput[])[];

export interface TopKState {
  /** How many inputs there have been. */
  rows: number;
  readonly best: TopInput[][];
}

/** @throws CaptureArgumentError unless `k` is a whole number of 1 or more */
export function topKReducer({k}: TopKOptions): InPlaceReducer<TopK, TopKState> {
  if (!Number.isInteger(k) || k < 1) {
    throw wrongArgument('topK', 'k must be a whole number of 1 or more', k, 'Pass {k: 9}.');
  }
  function addMaxima({rows, best}: TopKState, maxima: Float32Array, channels: number): void {
    maxima.forEach((value, i) => {
      const channel = (best[i % channels] ??= []);
      const last = channel[k - 1];
      if (value > (last?.value ?? -Infinity)) {
        insert(channel, {index: rows + Math.floor(i / channels), value}, k);
      }
    });
  }
  return inPlaceReducer<TopK, TopKState>({
    kind: `topK of ${k}`,
    init: () => ({rows: 0, best: []}),
    read(state, {values, shape, backend}, at) {
      const {rows, channels, inner} = layoutOfRows(shape, at);
      addMaxima(state, rowMaxima(values(), rows, channels, inner, backend), channels);
      state.rows += rows;
    },
    onDevice(value, at) {
      const {rows, channels, inner} = layoutOfRows(value.shape, at);
      const x = reshape(cast(value, 'float32'), [rows, -1, channels, inner]);
      const known = where(isNaN(x), fill(x.shape, -Infinity), x);
      return reshape<Rank.R1>(max(known, [1, 3]), [-1]);
    },
    absorb(state, reduced, shape, at) {
      const {rows, channels} = layoutOfRows(shape, at);
      addMaxima(state, reduced, channels);
      state.rows += rows;
    },
    merge(state, {rows, best}, sameInputs) {
      const from = sameInputs ? 0 : state.rows;
      best.forEach((inputs, i) => {
        const channel = (state.best[i] ??= []);
        for (const {index, value} of inputs) {
          const known = channel.findIndex((input) => sameInputs && input.index === index);
          if (known >= 0 && (channel[known] as TopInput).value >= value) continue;
          if (known >= 0) channel.splice(known, 1);
          insert(channel, {index: from + index, value}, k);
        }
      });
      state.rows = sameInputs ? Math.max(state.rows, rows) : state.rows + rows;
    },
    finish: ({best}) => best.map((channel) => channel.map((input) => ({...input}))),
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

/** Keeps the list in order, and at most `k` long. */
function insert(channel: TopInput[], input: TopInput, k: number): void {
  let at = channel.length;
  const isBefore = (other: TopInput): boolean =>
    other.value > input.value || (other.value === input.value && other.index < input.index);
  while (at > 0 && !isBefore(channel[at - 1] as TopInput)) at--;
  channel.splice(at, 0, input);
  if (channel.length > k) channel.pop();
}
