import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {checkActivations} from '../src/verify/check-activations.js';
import {checkMemory, memoryNow} from '../src/verify/check-memory.js';
import {checkSameBits} from '../src/verify/check-same-bits.js';
import {compareTimes, timesLine} from '../src/verify/compare-times.js';

describe('same bits', () => {
  const check = (left: number[], right: number[]) =>
    checkSameBits(tf.tensor1d(left), tf.tensor1d(right));

  test('holds for NaN and infinities', async () => {
    const values = [NaN, Infinity, -Infinity, 0, 1.5];
    expect((await check(values, values)).passed).toBe(true);
  });

  test.each([
    {left: [0, 1], right: [-0, 1]},
    {left: [1, 1], right: [1 + 2 ** -23, 1]},
    {left: [NaN, 1], right: [0, 1]},
  ])('fails for $left and $right', async ({left, right}) => {
    const {passed, sentence} = await check(left, right);
    expect(passed).toBe(false);
    expect(sentence).toContain('1 of 2 values differ');
  });

  test('fails for another number of values', async () => {
    expect((await check([1], [1, 1])).passed).toBe(false);
  });
});

describe('post = activation(pre)', () => {
  const model = sequential({
    layers: [
      layers.dense({name: 'dense', units: 4, inputShape: [4], activation: 'relu'}),
      layers.reLU({name: 'relu6', maxValue: 6}),
      layers.dense({name: 'classes', units: 4, activation: 'softmax'}),
    ],
  });
  const pre = tf.tensor2d([[-1, 0, 3, 9]]);
  const check = (layer: string, activation: string, post: tf.Tensor) =>
    checkActivations([{layer, activation, pre, post}], model);

  test('holds for what the layer gives', () => {
    expect(check('dense', 'relu', tf.relu(pre)).passed).toBe(true);
    expect(check('relu6', 'relu', tf.relu6(pre)).passed).toBe(true);
    expect(check('classes', 'softmax', tf.softmax(pre)).passed).toBe(true);
  });

  test('fails for anything else', () => {
    expect(check('dense', 'relu', pre)).toMatchObject({
      passed: false,
      sentence: 'post = activation(pre): largest difference 1 over 4 values of 1 activations',
    });
    expect(check('dense', 'relu', tf.relu6(pre)).passed).toBe(false);
    expect(check('relu6', 'relu', tf.relu(pre)).passed).toBe(false);
    expect(check('dense', 'relu', tf.fill([1, 4], NaN)).passed).toBe(false);
  });
});

test('memory: fails while a tensor is left', () => {
  const before = memoryNow();
  const left = tf.ones([2]);
  expect(checkMemory(before, 8).passed).toBe(false);
  left.dispose();
  expect(checkMemory(before, 8).passed).toBe(true);
});

test('times: both run equally often, in turn', async () => {
  const order: string[] = [];
  const run = (name: string) => () => {
    order.push(name);
    return Promise.resolve();
  };
  const times = await compareTimes(run('plain'), run('captured'), 1);
  expect(times.runs).toBeGreaterThanOrEqual(3);
  expect(order).toEqual(Array.from({length: times.runs}, () => ['plain', 'captured']).flat());
  expect(timesLine({plain: 2, captured: 3, runs: 5})).toBe(
    'plain predict 2.0 ms, capture of all 3.0 ms: 1.50 × (medians of 5 alternating runs)',
  );
});
