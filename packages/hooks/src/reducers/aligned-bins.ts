/**
 * Bins that widen as values come, and that are the same in whatever order these come: their width is the
 * least power of two with which they hold all, and their edges are multiples of it. So two bins become one
 * wider bin, and nothing is counted anew. No multiples are on both sides of zero with one bin between them: a single bin
 * then has zero in its middle.
 */

/** Bins of width 2^exponent, of which the first begins at `first` times that. */
export interface AlignedBins {
  readonly exponent: number;
  readonly first: number;
}

/** Bits of single precision's fraction: no finer bins tell values apart. */
const FRACTION_BITS = 23;

/** The finest bins that hold all from `min` to `max`. */
export function binsFor(min: number, max: number, bins: number): AlignedBins {
  const largest = Math.max(Math.abs(min), Math.abs(max));
  const finest = largest === 0 ? -149 : Math.floor(Math.log2(largest)) - FRACTION_BITS;
  const guess = max > min ? Math.floor(Math.log2((max - min) / bins)) - 1 : finest;
  const isAroundZero = bins === 1 && min < 0 && max >= 0;
  for (let exponent = Math.max(finest, guess); ; exponent++) {
    const width = 2 ** exponent;
    const first = isAroundZero ? -0.5 : Math.floor(min / width);
    if (first <= min / width && max / width < first + bins) return {exponent, first};
  }
}

/** Adds counts of bins to those of others, which are as wide or wider and hold them. */
export function addToBins(
  counts: Float64Array,
  {exponent, first}: AlignedBins,
  from: Float64Array,
  ofFrom: AlignedBins,
): void {
  const narrower = 2 ** (exponent - ofFrom.exponent);
  from.forEach((count, i) => {
    if (count > 0) {
      const at = counts.length === 1 ? 0 : Math.floor((ofFrom.first + i) / narrower) - first;
      counts[at] = (counts[at] as number) + count;
    }
  });
}
