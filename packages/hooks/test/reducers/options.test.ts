// What the option `reduce` takes, and what it refuses.
import * as tf from '@tensorflow/tfjs-core';

import {channelStats, histogram, stats, topK, withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions, Reducer} from '@tfjs-capture/hooks';
import {errorOf} from '../error-of.js';
import {seeded} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {denseModel, inTidy, tensorSum} from './small-models.js';

const model = denseModel();
const x = seeded([4, 5], 1);
const run = (options: object) =>
  withCapture(() => tf.dispose(model.predict(x)), options as CaptureOptions);

test.each<[string, object, string]>([
  [
    'a number',
    {reduce: 3},
    'reduce must be a function or have init, step, merge and finish, got 3',
  ],
  ['a name', {reduce: 'stats'}, "got 'stats'. Pass stats()."],
  ['without finish', {reduce: {...tensorSum, finish: undefined}}, "got 'no finish'"],
  ['nothing of it', {reduce: {}}, "got 'no init'"],
  ['two kinds', {reduce: stats(), record: ['pre', 'post']}, "what is reduced is one of 'pre', "],
  ['two kinds, a function', {reduce: () => 1, record: ['pre', 'output']}, 'Capture once for each.'],
  ['with a budget that reduces', {reduce: stats(), maxBytes: 1, onBudget: 'reduce'}, 'excludes'],
])('%s', (_, options, message) => {
  const before = footprint(model);
  const error = errorOf(() => run(options));
  expect(error.name).toBe('CaptureArgumentError');
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/^withCapture: .*, got .*\. .*\.$/);
  expect(footprint(model)).toEqual(before);
});

test.each<[() => unknown, string]>([
  [() => topK({k: 0}), 'topK: k must be a whole number of 1 or more, got 0. Pass {k: 9}.'],
  [() => topK({k: 1.5}), 'got 1.5'],
  [() => histogram({bins: 0}), 'histogram: bins must be a whole number of 1 or more, got 0'],
  [() => histogram({bins: NaN}), 'got NaN'],
  [() => histogram({range: [1, 1]}), "range must be two ascending numbers, got '[1, 1]'"],
  [() => histogram({range: [0, Infinity]}), "got '[0, Infinity]'"],
  [() => histogram({range: [-1e308, 1e308]}), 'range must be'],
  [() => histogram({range: ['0', '1'] as never}), 'range must be'],
  [() => histogram({range: 3 as never}), 'got 3'],
  [() => channelStats({axis: 0.5}), 'channelStats: axis must be an integer, got 0.5'],
])('%s', (make, message) => {
  expect(errorOf(make).message).toContain(message);
});

test.each([2, -3])('an axis %i that the values have not', (axis) => {
  const before = footprint(model);
  expect(errorOf(() => run({reduce: channelStats({axis})})).message).toBe(
    `channelStats: axis must be one of those of 'a' of shape [4,4], got ${axis}. ` +
      'Select layers by layers.',
  );
  expect(footprint(model)).toEqual(before);
});

test('channels whose number changes', () => {
  const before = footprint(model);
  const passes = () => [4, 3].map((rows) => tf.tidy(() => model.predict(tf.slice(x, 0, rows))));
  const error = errorOf(() => inTidy(() => withCapture(passes, {reduce: channelStats({axis: 0})})));
  expect(error.message).toContain("'a' must have as many channels in each pass, got 3 after 4");
  expect(footprint(model)).toEqual(before);
});

describe('functions of a reducer that throw', () => {
  const error = new Error('mine');
  const thrower = (): never => {
    throw error;
  };
  test.each(['init', 'step', 'finish'] as const)('%s: the same error, nothing left', (name) => {
    const before = footprint(model);
    expect(() => run({reduce: {...tensorSum, [name]: thrower}})).toThrow(error);
    expect(footprint(model)).toEqual(before);
  });

  test('later than the first: nothing left either', () => {
    const before = footprint(model);
    const step: typeof tensorSum.step = (state, value, at) =>
      at.name === 'b' ? thrower() : tensorSum.step(state, value, at);
    expect(() => run({reduce: {...tensorSum, step}})).toThrow(error);
    const finish: typeof tensorSum.finish = (() => {
      let times = 0;
      return (state: Parameters<typeof tensorSum.finish>[0]) =>
        times++ > 0 ? thrower() : tf.neg(tensorSum.finish(state));
    })();
    expect(() => run({reduce: {...tensorSum, finish}})).toThrow(error);
    expect(footprint(model)).toEqual(before);
  });

  test('asynchronously: a rejection', async () => {
    const before = footprint(model);
    const running = withCapture(
      async () => {
        await Promise.resolve();
        tf.dispose(model.predict(x));
      },
      {reduce: {...tensorSum, step: thrower}},
    );
    await expect(running).rejects.toBe(error);
    expect(footprint(model)).toEqual(before);
  });

  test('merge: the capture is as it was', () => {
    const before = tf.memory().numTensors;
    const [one, two] = [0, 1].map(() => run({reduce: {...tensorSum, merge: thrower}}) as never);
    const merging = one as unknown as {merge(other: unknown): void; dispose(): void};
    expect(() => merging.merge(two)).toThrow(error);
    merging.dispose();
    (two as unknown as {dispose(): void}).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('a model that throws: the same error, nothing left', () => {
  const before = footprint(model);
  const error = new Error('mine');
  const failing = () => {
    tf.dispose(model.predict(x));
    throw error;
  };
  for (const reduce of [stats(), tensorSum, tf.neg] as Reducer<unknown>[]) {
    expect(() => withCapture(failing, {reduce})).toThrow(error);
  }
  expect(footprint(model)).toEqual(before);
});
