/** Moments of one channel or of several, and how those of two parts of the data become one's. */

/** One entry per channel in each array. Values that are not finite are counted and left out of the rest. */
export interface ChannelMoments {
  /** How many values are finite. */
  readonly count: Float64Array;
  /** Infinity where there is no value. */
  readonly min: Float64Array;
  /** -Infinity where there is no value. */
  readonly max: Float64Array;
  /** 0 where there is no value. */
  readonly mean: Float64Array;
  /** Sum of squared differences from the mean: the variance times the count. */
  readonly squares: Float64Array;
  /** How many values are 0 or less. */
  readonly nonPositive: Float64Array;
  readonly nan: Float64Array;
  /** How many values are Infinity or -Infinity. */
  readonly infinite: Float64Array;
}

/** What some finite values of a channel amount to. */
export interface FinitePart {
  count: number;
  min: number;
  max: number;
  mean: number;
  squares: number;
  nonPositive: number;
}

/** Moments of no values. */
export function emptyMoments(channels: number): ChannelMoments {
  // One buffer: a deep network has hundreds of these, and each buffer is more work for the garbage collector.
  const all = new Float64Array(8 * channels);
  const part = (at: number): Float64Array => all.subarray(at * channels, (at + 1) * channels);
  return {
    count: part(0),
    min: part(1).fill(Infinity),
    max: part(2).fill(-Infinity),
    mean: part(3),
    squares: part(4),
    nonPositive: part(5),
    nan: part(6),
    infinite: part(7),
  };
}

/**
 * Adds `from` to `into`, in place, as if the values of both had been read together. Chan, Golub, LeVeque:
 * Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, 1979.
 */
export function mergeMoments(into: ChannelMoments, from: ChannelMoments): void {
  const part: FinitePart = {count: 0, min: 0, max: 0, mean: 0, squares: 0, nonPositive: 0};
  for (let channel = 0; channel < into.count.length; channel++) {
    part.count = from.count[channel] as number;
    part.min = from.min[channel] as number;
    part.max = from.max[channel] as number;
    part.mean = from.mean[channel] as number;
    part.squares = from.squares[channel] as number;
    part.nonPositive = from.nonPositive[channel] as number;
    addPart(into, channel, part);
    into.nan[channel] = (into.nan[channel] as number) + (from.nan[channel] as number);
    into.infinite[channel] =
      (into.infinite[channel] as number) + (from.infinite[channel] as number);
  }
}

/** Adds one value to a channel, finite or not. */
export function addValue(into: ChannelMoments, channel: number, value: number): void {
  if (Math.abs(value) < Infinity) {
    const nonPositive = value <= 0 ? 1 : 0;
    addPart(into, channel, {
      count: 1,
      min: value,
      max: value,
      mean: value,
      squares: 0,
      nonPositive,
    });
  } else {
    const counts = Number.isNaN(value) ? into.nan : into.infinite;
    counts[channel] = (counts[channel] as number) + 1;
  }
}

/** Adds finite values to a channel. */
export function addPart(into: ChannelMoments, channel: number, part: FinitePart): void {
  if (part.count === 0) return;
  const before = into.count[channel] as number;
  const count = before + part.count;
  const mean = into.mean[channel] as number;
  const apart = part.mean - mean;
  into.count[channel] = count;
  into.min[channel] = Math.min(into.min[channel] as number, part.min);
  into.max[channel] = Math.max(into.max[channel] as number, part.max);
  // The quotient is 1 where there was nothing before: the mean is then taken over as it is.
  into.mean[channel] = mean + apart * (part.count / count);
  into.squares[channel] =
    (into.squares[channel] as number) +
    part.squares +
    apart * apart * before * (part.count / count);
  into.nonPositive[channel] = (into.nonPositive[channel] as number) + part.nonPositive;
}
