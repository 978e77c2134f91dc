// Functions as reducers: what they return in place of tensors.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';

import {nameScope, withCapture} from '@tfjs-capture/hooks';
import type {ReducedPoint} from '@tfjs-capture/hooks';
import {errorOf} from '../error-of.js';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {denseModel, sharedModel} from './small-models.js';

const model = denseModel();
const x = seeded([70, 5], 1);
const rows = seeded([4, 5], 2);
const largest = (value: Tensor) => tf.max(value, -1, true);

test('tensors are joined over passes as those of pre are', () => {
  tf.tidy(() => {
    const plain = withCapture(() => model.predict(x));
    const capture = withCapture(() => model.predict(x), {reduce: largest});
    for (const name of ['a', 'b']) {
      expectSameBits(name, capture.get(name).value!, largest(plain.pre(name)));
      expect(capture.get(name).value).toBe(capture.get(name).value);
      const second = capture.get(name, {pass: 1}).value!;
      expectSameBits('pass 1', second, largest(plain.pre(name, {pass: 1})));
    }
    expect(capture.memory()).toEqual({tensors: 6 + 2, bytes: 2 * 2 * 70 * 4});
    expect(capture.records).toHaveLength(6);
    expect(errorOf(() => capture.get('a', {pass: 7})).name).toBe('LayerNotFoundError');
  });
});

test('the value itself may be what is kept', () => {
  tf.tidy(() => {
    const plain = withCapture(() => model.predict(rows));
    const capture = withCapture(() => model.predict(rows), {reduce: (value: Tensor) => value});
    expectSameBits('a', capture.get('a').value!, plain.pre('a'));
  });
});

test('anything else is kept as it is, by pass and call', () => {
  tf.tidy(() => {
    const seen: ReducedPoint[] = [];
    const shared = sharedModel();
    const inputs = seeded([40, 4], 1);
    const capture = withCapture(() => shared.predict(inputs), {
      reduce: (value: Tensor, at) => {
        seen.push(at);
        return {size: value.size, calls: [at.call]};
      },
    });
    expect(seen[0]).toEqual({
      name: 'shared',
      path: ['shared'],
      activation: 'relu',
      kernel: expect.any(String),
      pass: 0,
      call: 0,
      slot: 0,
      kind: 'pre',
      channelAxis: 1,
    });
    expect(capture.get('shared', {pass: 1, call: 1}).value).toEqual({size: 32, calls: [1]});
    expect(errorOf(() => capture.get('shared', {call: 1})).message).toBe(
      "capture.get: 'shared' has results of 2 passes that a function does not merge, got no pass. " +
        'Pass {pass}, or reduce by {init, step, merge, finish}.',
    );
    expect(errorOf(() => capture.get('shared')).name).toBe('AmbiguousLayerError');
    expect(errorOf(() => capture.pre('shared', {pass: 0, call: 0})).name).toBe('NotRecordedError');
    expect(capture.memory()).toEqual({tensors: 0, bytes: 0});
  });
});

test.each([undefined, null, 0, NaN, ''])('%p is a result', (result) => {
  tf.tidy(() => {
    const capture = withCapture(() => model.predict(rows), {reduce: () => result});
    expect(capture.get('a').value).toBe(result);
    expect(capture.reduced).toHaveLength(2);
  });
});

test('tensors in a container are refused, and nothing is left', () => {
  const before = footprint(model);
  const run = () =>
    withCapture(() => model.predict(rows), {reduce: (value: Tensor) => ({sum: tf.sum(value)})});
  expect(errorOf(run).message).toBe(
    'withCapture: reduce must return a tensor, or what holds none, got some in a container for ' +
      "'a'. Stack them, or read their values.",
  );
  expect(footprint(model)).toEqual(before);
});

test('what functions throw goes on, and nothing is left', () => {
  const before = footprint(model);
  const error = new Error('mine');
  const thrower = (value: Tensor, {name}: ReducedPoint) => {
    if (name === 'b') throw error;
    return tf.neg(value);
  };
  const run = () => withCapture(() => model.predict(rows), {reduce: thrower});
  expect(run).toThrow(error);
  expect(footprint(model)).toEqual(before);
});

test('nothing is left after disposal', () => {
  const before = footprint(model);
  const capture = withCapture(() => tf.dispose(model.predict(x)), {reduce: largest});
  expect(capture.get('a').value?.shape).toEqual([70, 1]);
  capture.dispose();
  expect(footprint(model)).toEqual(before);
});

describe('on the gradient tape', () => {
  const [kernel, bias] = model.layers[0]!.getWeights() as [Tensor2D, Tensor1D];
  const feature = (pre: Tensor): Tensor => tf.mean(tf.square(pre), 1);

  test('the gradient through a feature is that of the same written by hand', () => {
    tf.tidy(() => {
      const byCapture = tf.grad((input: Tensor) => {
        const {value} = withCapture(() => model.apply(input) as Tensor, {
          layers: 'a',
          reduce: feature,
        }).get('a');
        return tf.sum<Scalar>(value!);
      })(rows);
      const byHand = tf.grad((input: Tensor) =>
        tf.sum<Scalar>(feature(tf.add(tf.matMul(input as Tensor2D, kernel), bias))),
      )(rows);
      if (tf.getBackend() === 'cpu') expectSameBits('gradient', byCapture, byHand);
      else expect(tf.max(tf.abs(tf.sub(byCapture, byHand))).dataSync()[0]).toBeLessThan(1e-5);
      expect(tf.max(tf.abs(byHand)).dataSync()[0]).toBeGreaterThan(0);
    });
  });

  test('outside layers likewise, and over passes', () => {
    tf.tidy(() => {
      const run = (input: Tensor) => nameScope('raw', () => tf.relu(tf.mul(input, 2)));
      const byCapture = tf.grad((input: Tensor) => {
        const capture = withCapture(() => run(input), {reduce: feature});
        return tf.sum<Scalar>(capture.get('raw').value!);
      })(rows);
      const byHand = tf.grad((input: Tensor) => tf.sum<Scalar>(feature(tf.mul(input, 2))))(rows);
      expectSameBits('gradient', byCapture, byHand);
    });
  });
});
