/** Moments per channel where JavaScript cannot read values: on a GPU, by operations. */
import {emptyMoments, mergeMoments} from '@tfjs-capture/core';
import type {ChannelMoments} from '@tfjs-capture/core';
import {
  cast,
  concat,
  div,
  fill,
  isFinite,
  isInf,
  isNaN,
  lessEqual,
  logicalAnd,
  max,
  maximum,
  min,
  reshape,
  square,
  sub,
  sum,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type {Tensor, Tensor1D} from '@tensorflow/tfjs-core';
import type {ChannelLayout} from './channel-layout.js';

const FIELDS = [
  'count',
  'min',
  'max',
  'mean',
  'apart',
  'squares',
  'nonPositive',
  'nan',
  'infinite',
];

/** How many numbers `deviceMoments` gives per channel. */
export const MOMENT_FIELDS = FIELDS.length;

/** All of single precision's finite values are within. */
export const LARGEST = 3.4028234663852886e38;

/**
 * In two passes over the values, since single precision leaves nothing of a difference of large sums.
 *
 * @returns for `addDeviceMoments`: by field, then by channel
 */
export function deviceMoments(value: Tensor, {channels, inner}: ChannelLayout): Tensor1D {
  const x = reshape(cast(value, 'float32'), [-1, channels, inner]);
  const within = isFinite(x);
  const total = (t: Tensor): Tensor => sum(cast(t, 'float32'), [0, 2]);
  const or = (t: Tensor, other: number): Tensor => where(within, t, fill(x.shape, other));
  const count = total(within);
  const mean = div(total(or(x, 0)), maximum(count, 1));
  const apart = where(within, sub(x, reshape(mean, [1, channels, 1])), zerosLike(x));
  const fields = [
    count,
    min(or(x, LARGEST), [0, 2]),
    max(or(x, -LARGEST), [0, 2]),
    mean,
    total(apart),
    total(square(apart)),
    total(logicalAnd(within, lessEqual(x, 0))),
    total(isNaN(x)),
    total(isInf(x)),
  ];
  return concat(fields) as Tensor1D;
}

/** Adds what `deviceMoments` gave, once it has been read back. */
export function addDeviceMoments(into: ChannelMoments, reduced: Float32Array): void {
  const channels = reduced.length / FIELDS.length;
  const from = emptyMoments(channels);
  for (let channel = 0; channel < channels; channel++) {
    const [count, least, largest, mean, apart, squares, nonPositive, nan, infinite] = FIELDS.map(
      (_, field) => reduced[field * channels + channel] as number,
    ) as [number, number, number, number, number, number, number, number, number];
    from.nan[channel] = nan;
    from.infinite[channel] = infinite;
    if (count === 0) continue;
    from.count[channel] = count;
    from.min[channel] = least;
    from.max[channel] = largest;
    // The mean is rounded: how far it is off shows in the differences from it.
    from.mean[channel] = mean + apart / count;
    from.squares[channel] = Math.max(0, squares - apart ** 2 / count);
    from.nonPositive[channel] = nonPositive;
  }
  mergeMoments(into, from);
}
