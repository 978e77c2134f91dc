/** A histogram's counts, at the speed of the backend's own kernels where values lie in WASM's memory. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {wrongArgument} from '../errors.js';
import {addPlainCounts} from './plain-counts.js';
import type {OutsideBins} from './plain-counts.js';
import {scanBins} from './scan-bins.js';

/** With fewer values, or fewer for each bin, it takes longer to set up tables than to read the values. */
const FEWEST_VALUES = 500;
const FEWEST_PER_BIN = 8;

/** The tables of more, 16 bytes per bin, are in no cache close by. */
const MOST_BINS = 1 << 16;

/**
 * Adds to `counts[i]` how many values lie in [low + i · width, low + (i + 1) · width), the last bin closed on
 * the right too, at `high`. Edges are computed in float64, and a value is in the bin between whose edges it is,
 * whatever the quotient rounds to: numpy's rule.
 *
 * On the WASM backend the computation borrows some memory of it, which may grow it: every view of that memory,
 * `values` too, is then detached, so make it anew before you read from it again.
 *
 * @param values as a tensor has them, without a copy
 * @param high the last edge, where the sum of the others may be rounded to another number
 * @param backend the one that holds them; plain JavaScript reads them unless given
 * @throws CaptureArgumentError if an edge is not finite, or the last one not above the first
 */
export function countInBins(
  values: Float32Array,
  counts: Float64Array,
  low: number,
  width: number,
  high = low + counts.length * width,
  backend: KernelBackend | null = null,
): OutsideBins {
  if (!(high > low && high - low < Infinity))
    throw wrongArgument(
      'countInBins',
      'low and width must be finite, and the last edge above the first',
      [low, width].join(' and '),
      'Take the range from finite values that differ, and at least one bin.',
    );
  const isWorthIt =
    values.length >= Math.max(FEWEST_VALUES, FEWEST_PER_BIN * counts.length) &&
    counts.length <= MOST_BINS;
  return (
    (backend && isWorthIt ? scanBins(values, counts, low, width, high, backend) : null) ??
    addPlainCounts(values, counts, low, width, high)
  );
}
