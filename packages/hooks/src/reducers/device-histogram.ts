/** Counts of a histogram where JavaScript cannot read values: on a GPU, by operations. */
import {roundedDown, roundedUp} from '@tfjs-capture/core';
import {
  cast,
  fill,
  greater,
  greaterEqual,
  isFinite,
  isInf,
  isNaN,
  logicalAnd,
  max,
  min,
  scalar,
  stack,
  sum,
  where,
} from '@tensorflow/tfjs-core';
import type {Tensor, Tensor1D} from '@tensorflow/tfjs-core';
import {LARGEST} from './device-moments.js';
import type {HistogramState} from './histogram-state.js';
import {emptyHistogram} from './histogram-state.js';

/** The least and the largest finite value, read back; Infinity and -Infinity if there is none. */
export function deviceRange(value: Tensor): [number, number] {
  const x = cast(value, 'float32');
  const within = isFinite(x);
  const ends = stack([
    min(where(within, x, fill(x.shape, LARGEST))),
    max(where(within, x, fill(x.shape, -LARGEST))),
  ]);
  const [least, largest] = ends.dataSync<'float32'>();
  const [from, to] = [least as number, largest as number];
  return from <= to ? [from, to] : [Infinity, -Infinity];
}

/**
 * Counts the values from each edge on, and tells bins by differences: so a value is in the bin between
 * whose edges it is.
 *
 * @param range handed on
 * @param edges one more than bins
 * @returns for `histogramOf`
 */
export function deviceCounts(
  value: Tensor,
  range: readonly [number, number],
  edges: readonly number[],
): Tensor1D {
  const x = cast(value, 'float32');
  const within = isFinite(x);
  const count = (which: Tensor): Tensor => sum(cast(which, 'float32'));
  const last = edges[edges.length - 1] as number;
  return stack([
    ...range.map((end) => scalar(end)),
    count(isNaN(x)),
    count(isInf(x)),
    count(within),
    count(logicalAnd(within, greater(x, roundedDown(last)))),
    ...edges
      .slice(0, -1)
      .map((edge) => count(logicalAnd(within, greaterEqual(x, roundedUp(edge))))),
  ]) as Tensor1D;
}

/** What was counted, once it has been read back. */
export function histogramOf(reduced: Float32Array): HistogramState {
  const [min, max, nan, infinite, finite, above = 0, ...from] = reduced as unknown as number[];
  const state = emptyHistogram(from.length);
  from.forEach((count, i) => {
    state.counts[i] = count - (from[i + 1] ?? above);
  });
  return {
    ...state,
    min: min as number,
    max: max as number,
    nan: nan as number,
    infinite: infinite as number,
    above,
    below: (finite as number) - (from[0] as number),
  };
}
