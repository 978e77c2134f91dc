/** Histograms of all values of a hook point. */
import {countInBins, valueRange, wrongArgument} from '@tfjs-capture/core';
import type {InPlaceReducer} from '../reducer.js';
import {binsFor} from './aligned-bins.js';
import {deviceCounts, deviceRange, histogramOf} from './device-histogram.js';
import {addHistogram, addOutside, emptyHistogram, widen} from './histogram-state.js';
import type {HistogramState} from './histogram-state.js';
import {inPlaceReducer} from './in-place-reducer.js';

export interface HistogramOptions {
  /** How many bins; 64 unless given. */
  readonly bins?: number;
  /**
   * From where to where; values outside are counted by `below` and `above`. Unless given it is the least that
   * holds all values: bins as wide as a power of two, whose edges are multiples of that. On a GPU the values' range
   * is then read back at each record, which waits for it.
   */
  readonly range?: readonly [from: number, to: number];
}

/** numpy's rule: each bin holds its lower edge, the last one both. */
export interface Histogram {
  /** One more than bins, ascending. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly below: number;
  readonly above: number;
  readonly nan: number;
  /** Infinity and -Infinity, which are in none of the others. */
  readonly infinite: number;
}

/** @throws CaptureArgumentError unless `bins` is a whole number of 1 or more and `range` ascends */
export function histogramReducer(
  options: HistogramOptions,
): InPlaceReducer<Histogram, HistogramState> {
  const {bins = 64, range} = options;
  check(bins, range);
  const [from, to] = range ?? [0, 1];
  /** Where its bins begin, how wide they are, and where they end. */
  const placeOf = (state: HistogramState): Place => {
    if (range) return [from, (to - from) / bins, to];
    const {exponent, first} = state.bins ?? {exponent: 0, first: 0};
    return [first * 2 ** exponent, 2 ** exponent, (first + bins) * 2 ** exponent];
  };
  return inPlaceReducer({
    kind: `histogram of ${bins} bins${range ? ` from ${from} to ${to}` : ''}`,
    init: () => emptyHistogram(bins),
    read(state, {values, backend}) {
      if (!range) widen(state, ...valueRange(values(), backend));
      addOutside(state, countInBins(values(), state.counts, ...placeOf(state), backend));
    },
    onDevice(value) {
      const place = emptyHistogram(bins);
      const [min, max] = range ?? deviceRange(value);
      if (!range) widen(place, min, max);
      return deviceCounts(value, [min, max], edgesFrom(placeOf(place), bins));
    },
    absorb(state, reduced) {
      const {min, max, ...counted} = histogramOf(reduced);
      const isFollowed = !range && min <= max;
      addHistogram(state, {
        ...counted,
        min,
        max,
        bins: isFollowed ? binsFor(min, max, bins) : null,
      });
    },
    merge: addHistogram,
    finish(state) {
      const {counts, below, above, nan, infinite} = state;
      const edges = edgesFrom(placeOf(state), bins);
      return {edges, counts: Array.from(counts), below, above, nan, infinite};
    },
  });
}

type Place = readonly [low: number, width: number, high: number];

const edgesFrom = ([low, width, high]: Place, bins: number): number[] =>
  Array.from({length: bins + 1}, (_, i) => (i === bins ? high : low + i * width));

function check(bins: unknown, range: unknown): void {
  if (!Number.isInteger(bins) || (bins as number) < 1) {
    const rule = 'bins must be a whole number of 1 or more';
    throw wrongArgument('histogram', rule, bins, 'Leave it out for 64.');
  }
  if (range === undefined) return;
  const [from, to] = (Array.isArray(range) ? range : []) as [number, number];
  if ([from, to, to - from].every(Number.isFinite) && from < to) return;
  const got = Array.isArray(range) ? `[${range.join(', ')}]` : range;
  throw wrongArgument('histogram', 'range must be two ascending numbers', got, 'Pass [-6, 6].');
}
