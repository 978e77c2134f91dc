// What attribution patching estimates, beside what patches do, which is the same where all is linear.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';

import {
  attributionPatching,
  CaptureArgumentError,
  nameScope,
  patchSweep,
} from '@tfjs-capture/hooks';
import {seeded} from '../fidelity/seeded-values.js';

/** Positive everywhere, so that its ReLUs pass on all: linear between the two inputs. */
function positiveModel(): LayersModel {
  const init = {kernelInitializer: 'ones', biasInitializer: 'ones'} as const;
  return sequential({
    layers: [
      layers.dense({name: 'a', units: 4, activation: 'relu', inputShape: [3], ...init}),
      layers.dense({name: 'b', units: 2, activation: 'relu', ...init}),
      layers.dense({name: 'c', units: 2, activation: 'tanh', kernelInitializer: 'zeros'}),
    ],
  });
}

const clean = tf.tensor2d([[1, 2, 3]]);
const corrupted = tf.tensor2d([[3, 1, 1]]);
const tall = tf.ones([2, 3]);

const first = (result: Tensor): Tensor => tf.sum(tf.slice(result, [0, 0], [1, 1]));

test.each([false, true])(
  'is what a sweep finds where the metric is linear in it, channels: %s',
  async (channels) => {
    const model = positiveModel();
    const before = tf.memory().numTensors;
    for (const at of ['pre', 'post', 'output'] as const) {
      const run = (input: Tensor): Tensor => model.apply(input) as Tensor;
      // 'c' is last, and does not depend on anything: nothing that is patched before it counts.
      const options = {clean, corrupted, layers: ['a', 'b'], at, channels};
      const upTo = (input: Tensor): Tensor => tf.tidy(() => beforeC(model, input));
      for (const fn of [upTo, run]) {
        const estimated = attributionPatching(fn, {...options, metric: first});
        const swept = await patchSweep(fn, {
          ...options,
          metric: (result: Tensor) => first(result).dataSync()[0]!,
        });
        expect(estimated.rows.map(({name, channel}) => [name, channel])).toEqual(
          swept.rows.map(({name, channel}) => [name, channel]),
        );
        estimated.rows.forEach(({change, metric}, i) => {
          expect(change).toBeCloseTo(swept.rows[i]!.change, 4);
          expect(metric).toBeCloseTo(swept.rows[i]!.metric, 4);
        });
        expect(estimated.clean).toBeCloseTo(swept.clean, 5);
        expect(estimated.table().split('\n')).toHaveLength(1 + swept.rows.length);
      }
    }
    expect(tf.memory().numTensors).toBe(before);
  },
);

const beforeC = (model: LayersModel, input: Tensor): Tensor =>
  model.getLayer('b').apply(model.getLayer('a').apply(input)) as Tensor;

test('finds the gradient times the difference, for operations too', () => {
  const [x, y] = [seeded([2, 3], 1, 2), seeded([2, 3], 2, 2)];
  const run = (input: Tensor): Tensor => nameScope('act', () => tf.sigmoid(tf.square(input)));
  const before = tf.memory().numTensors;
  const {rows} = attributionPatching(run, {clean: x, corrupted: y, metric: (out) => tf.mean(out)});
  const expected = tf.tidy(() => {
    const slope = tf.grad((at: Tensor) => tf.mean(tf.sigmoid(at)))(tf.square(y));
    return tf.sum(tf.mul(slope, tf.sub(tf.square(x), tf.square(y)))).dataSync()[0]!;
  });
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({name: 'act', pass: 0, call: 0, slot: 0});
  expect(rows[0]!.change).toBeCloseTo(expected, 6);
  expect(tf.memory().numTensors).toBe(before);
});

test.each([
  ['no function', () => attributionPatching(1 as never, {clean, corrupted, metric: first})],
  ['no metric', () => attributionPatching((x: Tensor) => x, {clean, corrupted} as never)],
  [
    'a metric that is no scalar',
    () => attributionPatching((x: Tensor) => tf.relu(x), {clean, corrupted, metric: (out) => out}),
  ],
  [
    'inputs of two shapes',
    () =>
      attributionPatching((x: Tensor) => tf.relu(x), {
        clean,
        corrupted: tall,
        metric: (out) => tf.sum(out),
      }),
  ],
  [
    'nothing selected',
    () => attributionPatching((x: Tensor) => x, {clean, corrupted, metric: first}),
  ],
])('refuses %s, and leaves nothing', (_, call) => {
  const before = tf.memory().numTensors;
  expect(call).toThrow(CaptureArgumentError);
  expect(call).toThrow(/^(attributionPatching|withGradients): .*, got .*\. /);
  expect(tf.memory().numTensors).toBe(before);
});
