/** A small super-resolution network, to have something to train. */
import {
  add,
  conv2d,
  image as imageOps,
  leakyRelu,
  randomNormal,
  reshape,
  tidy,
  transpose,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type {Rank, Tensor4D, Variable} from '@tensorflow/tfjs-core';

/** How much the last convolution's first weights are shrunk, so that training starts near bilinear. */
const FIRST_RESIDUAL = 0.1;
const COLOURS = 3;
const FACTOR = 2;

export interface Generator {
  /** What is trained. The generator owns it. */
  readonly weights: readonly Variable[];
  /**
   * Doubles [1, height, width, 3] to [1, 2 height, 2 width, 3], values 0 to 1, not cut. Leaves
   * intermediate tensors to the tidy around it; the result is the caller's.
   */
  readonly upscale: (image: Tensor4D) => Tensor4D;
  readonly dispose: () => void;
}

export interface GeneratorOptions {
  /** Channels of the two hidden layers. */
  readonly filters: number;
  /** Generators of the same seed and filters start with the same weights. */
  readonly seed: number;
}

/**
 * Three convolutions at the size of the input, the last of which draws four pixels for each of them
 * (sub-pixel convolution, Shi et al. 2016); their output is added to the bilinear enlargement.
 * LeakyReLU as in ESRGAN: no hidden unit can die.
 */
export function createGenerator({filters, seed}: GeneratorOptions): Generator {
  const first = convolution([5, 5, COLOURS, filters], seed);
  const second = convolution([3, 3, filters, filters], seed + 1);
  const last = convolution([3, 3, filters, FACTOR ** 2 * COLOURS], seed + 2, FIRST_RESIDUAL);
  const weights: Variable[] = [first, second, last].flatMap(({filter, bias}) => [filter, bias]);
  return {
    weights,
    upscale: (image) =>
      tidy(() => {
        const hidden = leakyRelu(convolve(leakyRelu(convolve(image, first)), second));
        return add(enlargeBilinearly(image), pixelsOfChannels(convolve(hidden, last)));
      }),
    dispose: () => {
      for (const weight of weights) weight.dispose();
    },
  };
}

/** Twice as wide and high, [1, height, width, 3]. */
export function enlargeBilinearly(image: Tensor4D): Tensor4D {
  const [, height, width] = image.shape;
  return imageOps.resizeBilinear(image, [FACTOR * height, FACTOR * width], false, true);
}

interface Convolution {
  readonly filter: Variable<Rank.R4>;
  readonly bias: Variable<Rank.R1>;
}

/** He-scaled weights (He et al. 2015) times `gain`, biases 0. */
function convolution(
  shape: [height: number, width: number, from: number, to: number],
  seed: number,
  gain = 1,
): Convolution {
  const [height, width, from, to] = shape;
  const deviation = gain * Math.sqrt(2 / (height * width * from));
  return tidy(() => ({
    filter: variable(randomNormal<Rank.R4>(shape, 0, deviation, 'float32', seed)),
    bias: variable(zeros<Rank.R1>([to])),
  }));
}

function convolve(image: Tensor4D, {filter, bias}: Convolution): Tensor4D {
  return add(conv2d(image, filter, 1, 'same'), bias);
}

/** What tf.depthToSpace does, in operations that have gradients. Batches of one alone. */
export function pixelsOfChannels(channels: Tensor4D): Tensor4D {
  const [, height, width] = channels.shape;
  const pixels = reshape(channels, [height, width, FACTOR, FACTOR, COLOURS]);
  return reshape(transpose(pixels, [0, 2, 1, 3, 4]), [1, FACTOR * height, FACTOR * width, COLOURS]);
}
