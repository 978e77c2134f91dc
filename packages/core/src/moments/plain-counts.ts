/** A histogram's counts of values anywhere, in plain JavaScript. */

/** What is in no bin. */
export interface OutsideBins {
  readonly below: number;
  readonly above: number;
  readonly nan: number;
  /** Infinity and -Infinity, which are neither below nor above. */
  readonly infinite: number;
}

/** Adds to `counts` as `countInBins` does, which checks what it is given. */
export function addPlainCounts(
  values: Float32Array,
  counts: Float64Array,
  low: number,
  width: number,
  high: number,
): OutsideBins {
  const last = counts.length - 1;
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
