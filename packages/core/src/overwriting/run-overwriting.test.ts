import * as tf from '@tensorflow/tfjs-core';
import type {KernelBackend, TensorInfo} from '@tensorflow/tfjs-core';

import {backendOver} from '../../test/moments/backend-over.js';
import type {KernelParams} from '../kernel-registry.js';
import type {ClampValues} from './clamp-values.js';
import {overwriterOf, runOverwriting} from './run-overwriting.js';

const kernelOf = (name: string) => tf.getKernel(name, tf.getBackend());
const read = (info: TensorInfo) => tf.backend().readSync(info.dataId) as Float32Array;
const bits = (info: TensorInfo) => [...new Int32Array(read(info).slice().buffer)];
const onWasm = tf.getBackend() === 'wasm';

/** [2, 5, 5, 4] on a kernel of [3, 3, 4, channels or multiplier]. */
const convolution = (name: string, activation: string, bias = [0.5, -0.5, 0, 1]): KernelParams => ({
  inputs: {
    x: tf.randomNormal([2, 5, 5, 4], 0, 3, 'float32', 3),
    filter: tf.randomUniform([3, 3, 4, name.includes('Depth') ? 1 : 4], -1, 1, 'float32', 7),
    bias: tf.tensor1d(bias),
  },
  attrs: {strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1], activation},
  backend: tf.backend(),
});

const KERNELS = ['FusedConv2D', 'FusedDepthwiseConv2D'];
const ACTIVATIONS = ['relu', 'relu6'];
const CASES = KERNELS.flatMap((name) =>
  ACTIVATIONS.map((activation) => [name, activation] as const),
);

/** What the WASM backend has, for others: that of the CPU backend lies in JavaScript's own memory. */
const plainly =
  (activation: string): ClampValues =>
  (values) => {
    const most = activation === 'relu6' ? 6 : Infinity;
    values.forEach((value, i) => (values[i] = Math.min(most, Math.max(0, value))));
  };

describe.each(CASES)('%s with %s', (name, activation) => {
  const kernel = kernelOf(name);
  const run = (params: KernelParams, take: (pre: TensorInfo, backend: KernelBackend) => void) =>
    runOverwriting(params, kernel, overwriterOf(params, kernel) ?? plainly(activation), take);

  test('gives the fused result, bit for bit, where the pre-activation was', () => {
    const params = convolution(name, activation);
    const linear = kernel.kernelFunc(convolution(name, 'linear')) as TensorInfo;
    const taken: unknown[] = [];
    const post = run(params, (pre, backend) => {
      taken.push(pre.dataId, bits(pre), backend);
    });
    expect(taken).toEqual([post.dataId, bits(linear), tf.backend()]);
    expect(taken[0]).toBe(post.dataId);
    expect(bits(post)).toEqual(bits(kernel.kernelFunc(params) as TensorInfo));
    expect(bits(post)).not.toEqual(bits(linear));
  });

  test.each([NaN, Infinity, -Infinity])('with %p in it, too, elsewhere', (value) => {
    const params = convolution(name, activation, [0.5, value, 0, 1]);
    const fused = bits(kernel.kernelFunc(params) as TensorInfo);
    const ids = tf.backend().numDataIds();
    let taken: TensorInfo | undefined;
    const post = run(params, (pre) => {
      taken = pre;
      expect(read(pre).some((one) => !Number.isFinite(one))).toBe(true);
    });
    expect(post.dataId).not.toBe(taken?.dataId);
    expect(bits(post)).toEqual(fused);
    expect(tf.backend().numDataIds()).toBe(ids + 1);
  });

  test('leaves nothing behind if whoever takes it throws', () => {
    const params = convolution(name, activation);
    const ids = tf.backend().numDataIds();
    const failure = new Error('no');
    expect(() =>
      run(params, () => {
        throw failure;
      }),
    ).toThrow(failure);
    expect(tf.backend().numDataIds()).toBe(ids);
  });
});

test.each([
  ['FusedConv2D', 'elu'],
  ['FusedConv2D', 'prelu'],
  ['_FusedMatMul', 'relu'],
])('not of %s with %s, and nowhere without WASM', (name, activation) => {
  const {backend} = backendOver(false);
  const kernel = {...kernelOf('FusedConv2D'), kernelName: name};
  expect(overwriterOf({...convolution('FusedConv2D', activation), backend}, kernel)).toBeNull();
  const relu = convolution('FusedConv2D', 'relu');
  expect(overwriterOf({...relu, backend}, kernelOf('FusedConv2D'))).not.toBeNull();
  expect(overwriterOf(relu, kernelOf('FusedConv2D')) !== null).toBe(onWasm);
});
