/** A histogram's counts. */
import {wrongArgument} from '../errors.js';

/** What is in no bin. */
export interface OutsideBins {
  readonly below: number;
  readonly above: number;
  readonly nan: number;
  /** Infinity and -Infinity, which are neither below nor above. */
  readonly infinite: number;
}

/**
 * Adds to `counts[i]` how many values lie in [low + i · width, low + (i + 1) · width), the last bin closed on
 * the right too, at `high`. Edges are computed in float64, and a value is in the bin between whose edges it is,
 * whatever the quotient rounds to: numpy's rule.
 *
 * @param high the last edge, where the sum of the others may be rounded to another number
 * @throws CaptureArgumentError if an edge is not finite, or the last one not above the first
 */
export function countInBins(
  values: Float32Array,
  counts: Float64Array,
  low: number,
  width: number,
  high = low + counts.length * width,
): OutsideBins {
  const last = counts.length - 1;
  if (!(high > low && high - low < Infinity))
    throw wrongArgument(
      'countInBins',
      'low and width must be finite, and the last edge above the first',
      [low, width].join(' and '),
      'Take the range from finite values that differ, and at least one bin.',
    );
  let below = 0;
  let above = 0;
  let nan = 0;
  let infinite = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value >= low && value <= high) {
      let bin = Math.min(last, Math.floor((value - low) / width));
      while (bin > 0 && value < low + bin * width) bin--;
      while (bin < last && value >= low + (bin + 1) * width) bin++;
      counts[bin] = (counts[bin] as number) + 1;
    } else if (value > -Infinity && value < low) below++;
    else if (value > high && value < Infinity) above++;
    else if (Number.isNaN(value)) nan++;
    else infinite++;
  }
  return {below, above, nan, infinite};
}
