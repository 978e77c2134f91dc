/** Moments of values anywhere, finite or not, in plain JavaScript. */
import {addValue, emptyMoments, mergeMoments} from './channel-moments.js';
import type {ChannelMoments, FinitePart} from './channel-moments.js';

/** No sum is of more values of a channel than this, if `inner` is not: rounding adds up. */
const LONGEST_SUM = 1 << 16;

/** Adds the values, [outer, channels, inner], to `into`, which says how many channels they have. */
export function addPlainMoments(into: ChannelMoments, values: Float32Array, inner: number): void {
  const channels = into.count.length;
  if (values.length === channels) {
    for (let channel = 0; channel < channels; channel++)
      addValue(into, channel, values[channel] as number);
    return;
  }
  const step = channels * inner * Math.max(1, Math.floor(LONGEST_SUM / inner));
  for (let at = 0; at < values.length; at += step)
    mergeMoments(into, momentsOfPart(values.subarray(at, at + step), channels, inner));
}

/**
 * Sums of differences from each channel's first finite value, so that little is lost when the square of
 * their mean is taken off.
 */
function momentsOfPart(values: Float32Array, channels: number, inner: number): ChannelMoments {
  const moments = emptyMoments(channels);
  const {count, min, max, mean: sum, squares, nonPositive, nan, infinite} = moments;
  const shift = new Float64Array(channels);
  const increment = (counts: number[], channel: number): void => {
    counts[channel] = (counts[channel] as number) + 1;
  };
  let at = 0;
  while (at < values.length) {
    for (let channel = 0; channel < channels; channel++) {
      for (const end = at + inner; at < end; at++) {
        const value = values[at] as number;
        // NaN is neither.
        if (!(Math.abs(value) < Infinity)) {
          increment(Number.isNaN(value) ? nan : infinite, channel);
          continue;
        }
        if (count[channel] === 0) shift[channel] = value;
        increment(count, channel);
        // No branch: half of all values are on either side, as they come.
        nonPositive[channel] = (nonPositive[channel] as number) + Number(value <= 0);
        if (value < (min[channel] as number)) min[channel] = value;
        if (value > (max[channel] as number)) max[channel] = value;
        const apart = value - (shift[channel] as number);
        sum[channel] = (sum[channel] as number) + apart;
        squares[channel] = (squares[channel] as number) + apart * apart;
      }
    }
  }
  for (let channel = 0; channel < channels; channel++) {
    if (count[channel] === 0) continue;
    const apart = (sum[channel] as number) / (count[channel] as number);
    squares[channel] = aroundMean(squares[channel] as number, apart, count[channel] as number);
    sum[channel] = (shift[channel] as number) + apart;
  }
  return moments;
}

/** Squared differences from the mean, of those from a value that is `apart` from it. Never negative by rounding. */
export const aroundMean = (squares: number, apart: number, count: number): number =>
  Math.max(0, squares - apart * apart * count);

/**
 * Sets mean and squares of `part` to those of finite values, each `step`th from the one at `from` on.
 *
 * @param part its mean is about theirs: the nearer, the less is lost
 */
export function readAgain(
  part: FinitePart,
  values: Float32Array,
  from: number,
  step: number,
): void {
  const near = part.mean;
  let sum = 0;
  let squares = 0;
  for (let at = from; at < values.length; at += step) {
    const apart = (values[at] as number) - near;
    sum += apart;
    squares += apart * apart;
  }
  const apart = sum / part.count;
  part.mean = near + apart;
  part.squares = aroundMean(squares, apart, part.count);
}
