import * as tf from '@tensorflow/tfjs-core';
import type {TensorInfo} from '@tensorflow/tfjs-core';

import {boundOf, bounds} from './finite-scan.js';
import type {KernelParams} from './kernel-registry.js';
import {runActivationOf, runLinear} from './split-fused-kernel.js';

const params = (inputs: KernelParams['inputs'], activation = 'relu'): KernelParams => ({
  inputs,
  attrs: {strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1], activation},
  backend: tf.backend(),
});
const kernel = tf.getKernel('FusedConv2D', tf.getBackend());
const read = (info: TensorInfo) => tf.backend().readSync(info.dataId) as Float32Array;
const largest = (values: Float32Array) => values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);

describe('the values themselves', () => {
  // So large an input that to read the result is quicker.
  const x = tf.ones([5000]);
  const filter = tf.ones([1]);
  const ofValues = (values: Float32Array) =>
    tf.tidy(() => boundOf(tf.tensor1d(values), params({x, filter})));

  test.each([1, 2, 3, 4, 5, 7, 64, 499, 500, 501, 502, 503, 504, 1000, 1001, 1003, 4096])(
    'are read, wherever of %i the odd one is',
    (size) => {
      for (const place of new Set([0, 1, size >> 1, size - 2, size - 1])) {
        if (place < 0 || place >= size) continue;
        const values = Float32Array.from({length: size}, (_, i) => Math.sin(i));
        for (const odd of [7.5, -7.5, 3e38, -3e38]) {
          values[place] = odd;
          expect(ofValues(values)).toBe(Math.fround(Math.abs(odd)));
        }
        for (const odd of [NaN, -NaN, Infinity, -Infinity]) {
          values[place] = odd;
          expect(Number.isFinite(ofValues(values))).toBe(false);
        }
      }
    },
  );

  test('may be as small as there are', () => {
    expect(ofValues(new Float32Array(2000))).toBe(0);
    expect(ofValues(new Float32Array(2000).fill(-1e-45))).toBe(Math.fround(1e-45));
  });
});

describe('bounds', () => {
  /** A 1×1 convolution whose result has 16 times as many values as its input. */
  const inputs = (change: {x?: number; filter?: number; bias?: number} = {}) => {
    const withOne = (tensor: tf.Tensor, value: number | undefined): tf.Tensor => {
      const values = tensor.dataSync().slice();
      if (value !== undefined) values[5] = value;
      return tf.tensor(values, tensor.shape);
    };
    return {
      x: withOne(tf.randomNormal([1, 8, 8, 4], 0, 1, 'float32', 1), change.x),
      filter: withOne(tf.randomNormal([1, 1, 4, 64], 0, 1, 'float32', 2), change.filter),
      bias: withOne(tf.randomNormal([64], 0, 1, 'float32', 3), change.bias),
    };
  };

  test('are no smaller than the values, and finite for finite ones', () => {
    const given = params(inputs());
    const pre = runLinear(given, kernel);
    const bound = boundOf(pre, given);
    expect(bound).toBeGreaterThanOrEqual(largest(read(pre)));
    expect(bound).toBeLessThan(1e4);
  });

  test.each(['x', 'filter', 'bias'])('are not finite if one value of %s is not', (part) => {
    for (const odd of [NaN, Infinity, -Infinity]) {
      const given = params(inputs({[part]: odd}));
      expect(Number.isFinite(boundOf(runLinear(given, kernel), given))).toBe(false);
    }
  });

  test('say nothing where sums may overflow: then the values tell', () => {
    const fits = params(inputs({x: 1e19, filter: 1e18}));
    const pre = runLinear(fits, kernel);
    expect(boundOf(pre, fits)).toBe(largest(read(pre)));
    const overflows = params(inputs({x: 3e38, filter: 1e3}));
    expect(Number.isFinite(boundOf(runLinear(overflows, kernel), overflows))).toBe(false);
  });

  test('of what comes out of a ReLU are kept for the next layer, and are true', () => {
    const given = params(inputs());
    const post = runActivationOf(runLinear(given, kernel), given, kernel);
    expect(bounds.get(post.dataId)).toBeGreaterThanOrEqual(largest(read(post)));
    const x = tf.tensor4d(Array.from(read(post)), [1, 8, 8, 64]);
    bounds.set(x.dataId, bounds.get(post.dataId) as number);
    // As many values as the input has: without its bound the result would be read.
    const next = params({x, filter: tf.ones([1, 1, 64, 64])});
    const pre = runLinear(next, kernel);
    expect(boundOf(pre, next)).toBeGreaterThanOrEqual(largest(read(pre)));
  });
});

test('bounds are not kept of ever more data', () => {
  const filter = tf.ones([1, 1, 1, 2]);
  for (let time = 0; time < 2500; time++) {
    tf.tidy(() => boundOf(tf.ones([1, 1, 600, 2]), params({x: tf.ones([1, 1, 600, 1]), filter})));
  }
  expect(bounds.size).toBeGreaterThan(0);
  expect(bounds.size).toBeLessThanOrEqual(1003);
});
