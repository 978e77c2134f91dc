/** Moments of one channel or of several, and how those of two parts of the data become one's. */

/** One entry per channel in each array. Values that are not finite are counted and left out of the rest. */
export interface ChannelMoments {
  /** How many values are finite. */
  readonly count: number[];
  /** Infinity where there is no value. */
  readonly min: number[];
  /** -Infinity where there is no value. */
  readonly max: number[];
  /** 0 where there is no value. */
  readonly mean: number[];
  /** Sum of squared differences from the mean: the variance times the count. */
  readonly squares: number[];
  /** How many values are 0 or less. */
  readonly nonPositive: number[];
  readonly nan: number[];
  /** How many values are Infinity or -Infinity. */
  readonly infinite: number[];
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
export const emptyMoments = (channels: number): ChannelMoments => ({
  count: zeros(channels),
  min: infinities(channels),
  max: negativeInfinities(channels),
  mean: zeros(channels),
  squares: zeros(channels),
  nonPositive: zeros(channels),
  nan: zeros(channels),
  infinite: zeros(channels),
});

const zeros = copiesOf(0);
const infinities = copiesOf(Infinity);
const negativeInfinities = copiesOf(-Infinity);

/** How long an array may be for one like it to be kept. */
const LONGEST_KEPT = 1 << 12;

/**
 * Arrays of doubles on V8's heap, by copying one that is kept. A recurrent network has hundreds of them for each
 * pass, and the memory of a Float64Array lies outside that heap: eight of those take several times as long.
 */
function copiesOf(value: number): (length: number) => number[] {
  // What has held a fraction once is an array of doubles from then on, whatever is written to it.
  const make = (length: number): number[] => new Array<number>(length).fill(0.5).fill(value);
  let kept: readonly number[] = [];
  return (length) => {
    if (length > LONGEST_KEPT) return make(length);
    if (length > kept.length) kept = make(length);
    return kept.slice(0, length);
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

/**
 * Adds one value to a channel, finite or not. Welford: Note on a Method for Calculating Corrected Sums, 1962.
 *
 * Apart from `addPart`, which would need a part made for each value: in some runs of V8 that took as long as all the rest.
 */
export function addValue(into: ChannelMoments, channel: number, value: number): void {
  if (!(Math.abs(value) < Infinity)) {
    const counts = Number.isNaN(value) ? into.nan : into.infinite;
    counts[channel] = (counts[channel] as number) + 1;
    return;
  }
  const {count, min, max, mean, squares, nonPositive} = into;
  const before = count[channel] as number;
  const apart = value - (mean[channel] as number);
  count[channel] = before + 1;
  min[channel] = Math.min(min[channel] as number, value);
  max[channel] = Math.max(max[channel] as number, value);
  mean[channel] = (mean[channel] as number) + apart / (before + 1);
  squares[channel] = (squares[channel] as number) + apart * apart * (before / (before + 1));
  nonPositive[channel] = (nonPositive[channel] as number) + Number(value <= 0);
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
