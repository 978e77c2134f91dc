import * as tf from '@tensorflow/tfjs-core';
import type {TensorInfo} from '@tensorflow/tfjs-core';

import type {KernelParams} from './kernel-registry.js';
import {runActivationOf, runLinear} from './split-fused-kernel.js';

const kernelOf = (name: string) => tf.getKernel(name, tf.getBackend());
const read = (info: TensorInfo) => tf.backend().readSync(info.dataId) as Float32Array;
const bits = (values: Float32Array) => [
  ...new Int32Array(values.buffer, values.byteOffset, values.length),
];

const convolution = (activation: string, x: tf.Tensor, bias: tf.Tensor): KernelParams => ({
  inputs: {
    x,
    filter: tf.randomUniform([3, 3, 2, 4], -1, 1, 'float32', 7),
    bias,
    ...(activation === 'prelu' && {preluActivationWeights: tf.tensor1d([0.1, 0.2, -0.3, 2])}),
  },
  attrs: {
    strides: [1, 1],
    pad: 'same',
    dataFormat: 'NHWC',
    dilations: [1, 1],
    activation,
    ...(activation === 'leakyrelu' && {leakyreluAlpha: 0.3}),
  },
  backend: tf.backend(),
});

describe.each(['relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu'])('%s', (activation) => {
  const kernel = kernelOf('FusedConv2D');
  const x = tf.randomNormal([2, 5, 5, 2], 0, 3, 'float32', 3);
  const bias = tf.tensor1d([0.5, -0.5, 0, 1]);

  test('in two steps gives the fused result, bit for bit', () => {
    const params = convolution(activation, x, bias);
    const fused = read(kernel.kernelFunc(params) as TensorInfo);
    const pre = runLinear(params, kernel);
    const linear = read(kernel.kernelFunc(convolution('linear', x, bias)) as TensorInfo);
    expect(bits(read(pre))).toEqual(bits(linear));
    expect(bits(read(runActivationOf(pre, params, kernel)))).toEqual(bits(fused));
    expect(bits(linear)).not.toEqual(bits(fused));
  });

  test.each([NaN, Infinity, -Infinity])('with %p in it, too', (value) => {
    const spoilt = tf.tensor1d([0.5, value, 0, 1]);
    const params = convolution(activation, x, spoilt);
    const fused = read(kernel.kernelFunc(params) as TensorInfo);
    const pre = runLinear(params, kernel);
    expect([...read(pre)].some((v) => !Number.isFinite(v))).toBe(true);
    expect(bits(read(runActivationOf(pre, params, kernel)))).toEqual(bits(fused));
  });
});

test("leaves the caller's parameters as they were", () => {
  const params = convolution('prelu', tf.ones([1, 3, 3, 2]), tf.zeros([4]));
  const {preluActivationWeights} = params.inputs;
  runLinear(params, kernelOf('FusedConv2D'));
  expect(params.inputs.preluActivationWeights).toBe(preluActivationWeights);
  expect(params.attrs?.activation).toBe('prelu');
});
