/** A histogram in which what an activation treats differently is told apart: one of its edges is 0. */

const BINS = 48;

export interface ZeroEdgedHistogram {
  /** One more than counts; equally far from one another. */
  readonly edges: readonly number[];
  /** A bin holds its lower edge, and the last one its upper edge too. */
  readonly counts: readonly number[];
}

/**
 * Counts finite values. An edge is exactly 0 wherever 0 is within their range, which the edges then exceed by
 * less than a bin.
 *
 * @param min of the finite values; NaN if there are none
 * @param max likewise
 */
export function zeroEdgedHistogram(
  values: Float32Array,
  min: number,
  max: number,
): ZeroEdgedHistogram {
  const {start, width, below} = binsFor(min, max);
  const counts = new Array<number>(BINS).fill(0);
  // By index: an iterator takes twice as long.
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (!Number.isFinite(value)) continue;
    // From 0, where an edge is that, so that the sign alone decides on which side a value is.
    const bin = below + Math.floor((value - start) / width);
    const within = Math.min(BINS - 1, Math.max(0, bin));
    counts[within] = (counts[within] ?? 0) + 1;
  }
  const edges = Array.from({length: BINS + 1}, (_, index) => start + (index - below) * width);
  return {edges, counts};
}

/** From where bins are counted, their width, and how many lie below that. */
function binsFor(min: number, max: number): {start: number; width: number; below: number} {
  if (!(min < max)) {
    const only = Number.isNaN(min) ? 0 : min;
    const around = Math.abs(only) / 2 || 1;
    return {start: only, width: (2 * around) / BINS, below: only === 0 ? 0 : BINS / 2};
  }
  if (min >= 0 || max <= 0) {
    // Of negative values the edges are counted down from the largest, which may be 0.
    const width = (max - min) / BINS;
    return min >= 0 ? {start: min, width, below: 0} : {start: max, width, below: BINS};
  }
  const share = Math.round((BINS * -min) / (max - min));
  const below = Math.min(BINS - 1, Math.max(1, share));
  return {start: 0, width: Math.max(-min / below, max / (BINS - below)), below};
}
