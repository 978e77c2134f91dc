/** How a value's channels lie in memory. */
import {util} from '@tensorflow/tfjs-core';

export interface ChannelLayout {
  readonly channels: number;
  /** How many values of one channel lie side by side: 1 with channels last. */
  readonly inner: number;
}

/** @param axis along which channels lie; a value without dimensions is one channel */
export const layoutOfChannels = (shape: readonly number[], axis: number): ChannelLayout => ({
  channels: shape[axis] ?? 1,
  inner: util.sizeFromShape(shape.slice(axis + 1)),
});

/** All values as one channel. */
export const WHOLE: ChannelLayout = {channels: 1, inner: 1};
