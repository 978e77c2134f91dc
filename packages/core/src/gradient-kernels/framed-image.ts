/** An image with a frame of zeros, or with its edges cut off, as a convolution takes it. */
import {Fill, Slice} from '@tensorflow/tfjs-core';
import type {TensorInfo} from '@tensorflow/tfjs-core';
import type {RunKernel} from './composed-kernel.js';

/** Zeros before and after an axis. Negative: values that are cut off. */
export type Frame = readonly [before: number, after: number];

export const framedImageParts = (): string[] => [Fill, Slice];

/**
 * Cuts off what negative frames say, before anybody has to compute with it.
 *
 * @param image [_, height, width, _]
 * @param frames of rows, of columns
 * @returns the image and the padding that is left for a convolution, or null if nothing of the image is left
 */
export function frameImage(
  run: RunKernel,
  image: TensorInfo,
  frames: readonly [Frame, Frame],
): {readonly image: TensorInfo; readonly pad: number[][]} | null {
  const cuts = [
    [0, 0],
    ...frames.map((frame) => frame.map((zeros) => Math.max(0, -zeros))),
    [0, 0],
  ];
  const size = image.shape.map((length, i) => length - sum(cuts[i]));
  if (size.some((length) => length <= 0)) return null;
  const isCut = cuts.some((cut) => sum(cut) > 0);
  return {
    image: isCut ? run(Slice, {x: image}, {begin: cuts.map(([before]) => before), size}) : image,
    pad: [[0, 0], ...frames.map((frame) => frame.map((zeros) => Math.max(0, zeros))), [0, 0]],
  };
}

/** Zeros: the gradient where nothing of the image is read. */
export const zeros = (run: RunKernel, shape: readonly number[]): TensorInfo =>
  run(Fill, {}, {shape: [...shape], value: 0, dtype: 'float32'});

const sum = (cut: readonly number[] = []): number => cut.reduce((total, value) => total + value, 0);
