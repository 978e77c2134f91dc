// The composed kernels give what the CPU backend's own kernels give.
import * as tf from '@tensorflow/tfjs-core';

import {registerGradientKernels} from '@tfjs-capture/core';
import {distance, runKernel, startBackendUnderTest, UNDER_TEST} from './backend-under-test.js';
import {depthwiseByHand} from './depthwise-by-hand.js';
import {
  convolutionOf,
  randomConvolution,
  randomNumbers,
  randomValues,
} from './random-convolutions.js';
import type {Convolution, ConvolutionOptions, Random} from './random-convolutions.js';

const FILTER = 'Conv2DBackpropFilter';
const DEPTHWISE_FILTER = 'DepthwiseConv2dNativeBackpropFilter';
const DEPTHWISE_INPUT = 'DepthwiseConv2dNativeBackpropInput';

// Convolutions of the CPU backend are slow.
const COUNT = UNDER_TEST === 'wasm' ? 250 : 50;

beforeAll(async () => {
  await startBackendUnderTest();
  registerGradientKernels(UNDER_TEST);
});

function valuesOf(random: Random, {inputShape, filterShape, outputShape}: Convolution) {
  return {
    x: randomValues(random, inputShape),
    filter: randomValues(random, filterShape),
    dy: randomValues(random, outputShape),
  };
}

function expectSame(convolution: Convolution, got: Float32Array, expected: ArrayLike<number>) {
  const apart = distance(got, expected);
  if (!(apart < 1e-5)) throw new Error(`${apart} apart for ${JSON.stringify(convolution)}`);
}

/** Compares a kernel with the CPU backend's. */
function expectAgreement(kernelName: string, convolution: Convolution, random: Random): void {
  const {x, filter, dy} = valuesOf(random, convolution);
  const inputs = kernelName === DEPTHWISE_INPUT ? {dy, filter} : {x, dy};
  const [got, expected] = [UNDER_TEST, 'cpu'].map((backend) =>
    runKernel(tf.getKernel(kernelName, backend), inputs, convolution.attrs),
  );
  expectSame(convolution, got!, expected!);
}

describe('random convolutions', () => {
  test.each([
    [FILTER, 'NHWC'],
    [FILTER, 'NCHW'],
    [DEPTHWISE_FILTER, 'NHWC'],
    [DEPTHWISE_INPUT, 'NHWC'],
  ])('%s, %s', (kernelName, dataFormat) => {
    const random = randomNumbers(1);
    const isDepthwise = kernelName !== FILTER;
    for (let i = 0; i < COUNT; i++) {
      const kind = {isDepthwise, channelsFirst: dataFormat === 'NCHW'};
      expectAgreement(kernelName, randomConvolution(random, kind), random);
    }
  });

  test('depthwise with dilations, against values by hand', () => {
    const random = randomNumbers(2);
    for (let i = 0; i < COUNT; i++) {
      // The CPU backend's convolution, of which the kernels are composed there, refuses both.
      const dilations = UNDER_TEST === 'wasm' && i % 2 ? 'with strides' : 'only';
      const convolution = randomConvolution(random, {isDepthwise: true, dilations});
      const {x, filter, dy} = valuesOf(random, convolution);
      const expected = depthwiseByHand(convolution, {
        x: x.values,
        filter: filter.values,
        dy: dy.values,
      });
      const run = (kernelName: string, inputs: object) =>
        runKernel(tf.getKernel(kernelName, UNDER_TEST), {...inputs}, convolution.attrs);
      expectSame(convolution, run(DEPTHWISE_FILTER, {x, dy}), expected.filter);
      expectSame(convolution, run(DEPTHWISE_INPUT, {dy, filter}), expected.input);
    }
  });
});

/** [height, width], [filter height, filter width], and the rest. */
const EDGES: [string, number[], number[], ConvolutionOptions][] = [
  ['one value', [1, 1], [1, 1], {strides: 1, pad: 'valid'}],
  ['a filter as large as the image', [5, 4], [5, 4], {strides: 1, pad: 'valid'}],
  ['a filter larger than the image', [2, 3], [5, 5], {strides: 1, pad: 'same'}],
  ['a filter of one value', [6, 5], [1, 1], {strides: 1, pad: 'same'}],
  ['a filter of one value with strides', [6, 5], [1, 1], {strides: [2, 3], pad: 'same'}],
  ['a filter of one value with padding', [4, 4], [1, 1], {strides: 1, pad: 2}],
  ['strides larger than the filter', [11, 10], [2, 2], {strides: 3, pad: 'valid'}],
  ['rows and columns that are left over', [8, 9], [3, 2], {strides: [2, 3], pad: 'valid'}],
  ['strides larger than the image', [2, 2], [3, 3], {strides: 3, pad: 'same'}],
  [
    'padding on one side',
    [5, 5],
    [3, 3],
    {
      strides: 2,
      pad: [
        [0, 0],
        [2, 0],
        [0, 3],
        [0, 0],
      ],
    },
  ],
  ['padding wider than the filter', [3, 3], [2, 2], {strides: 1, pad: 3}],
  ['rounding up', [6, 6], [3, 3], {strides: 2, pad: 0, dimRoundingMode: 'ceil'}],
  ['rounding', [7, 6], [3, 3], {strides: 3, pad: 1, dimRoundingMode: 'round'}],
  // What is read lies in the padding alone.
  [
    'an image that is not read',
    [1, 1],
    [1, 1],
    {
      strides: 8,
      pad: [
        [0, 0],
        [5, 0],
        [5, 0],
        [0, 0],
      ],
    },
  ],
  ['an odd image, a large filter', [15, 13], [7, 6], {strides: 2, pad: 'same'}],
];

describe.each([FILTER, DEPTHWISE_FILTER, DEPTHWISE_INPUT])('%s', (kernelName) => {
  test.each(EDGES)('%s', (_, size, filterSize, options) => {
    const random = randomNumbers(3);
    const kind = {isDepthwise: kernelName !== FILTER};
    for (const [batch, channels, last] of [
      [1, 1, 1],
      [2, 3, 2],
      [3, 4, 1],
      [0, 2, 1],
    ] as const) {
      const filterShape = [...filterSize, channels, last];
      const convolution = convolutionOf(kind, [batch, ...size, channels], filterShape, options);
      expectAgreement(kernelName, convolution, random);
    }
  });
});

test('UnsortedSegmentSum: repeated, empty and unknown segments', () => {
  const random = randomNumbers(4);
  for (const rowShape of [[], [3], [2, 3]]) {
    const inputs = {
      x: randomValues(random, [6, ...rowShape]),
      segmentIds: {shape: [6], values: Int32Array.of(4, 0, -1, 4, 2, 5)},
    };
    const [got, expected] = [UNDER_TEST, 'cpu'].map((backend) =>
      runKernel(tf.getKernel('UnsortedSegmentSum', backend), inputs, {numSegments: 5}),
    );
    expect(distance(got!, expected!)).toBeLessThan(1e-6);
  }
});

describe('the gradient of depthToSpace', () => {
  // Only WASM's kernel knows the other one.
  test.each(UNDER_TEST === 'wasm' ? (['NHWC', 'NCHW'] as const) : (['NHWC'] as const))(
    'takes each value back to where it came from, %s',
    (dataFormat) => {
      tf.tidy(() => {
        const shape: [number, number, number, number] =
          dataFormat === 'NHWC' ? [2, 3, 4, 18] : [2, 18, 3, 4];
        const onward = (x: tf.Tensor) => tf.depthToSpace(x as tf.Tensor4D, 3, dataFormat);
        const dy = tf.randomNormal(onward(tf.zeros(shape)).shape, 0, 1, 'float32', 1);
        const back = tf.grad((x) => tf.sum(tf.mul(onward(x), dy)))(tf.zeros(shape));
        expect(back.shape).toEqual(shape);
        expect(onward(back).dataSync()).toEqual(dy.dataSync());
      });
    },
  );

  test('has a gradient itself', () => {
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([1, 2, 2, 4], 0, 1, 'float32', 1);
      const cubes = (at: tf.Tensor) => tf.sum(tf.pow(tf.depthToSpace(at as tf.Tensor4D, 2), 3));
      const second = tf.grad((at) => tf.sum(tf.grad(cubes)(at)))(x);
      expect(distance(second.dataSync(), tf.mul(x, 6).dataSync())).toBeLessThan(1e-5);
    });
  });
});
