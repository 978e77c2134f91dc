// That nothing in a scope can tell that it reduces, and that nothing piles up.
import {activeScope} from '@tfjs-capture/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {
  channelStats,
  firstNonFinite,
  histogram,
  stats,
  topK,
  withCapture,
} from '@tfjs-capture/hooks';
import type {Reducer} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {tensorSum} from './small-models.js';

const model = sequential({
  layers: [
    layers.conv2d({
      name: 'conv',
      filters: 4,
      kernelSize: 3,
      activation: 'relu',
      inputShape: [9, 9, 2],
    }),
    layers.batchNormalization({name: 'norm'}),
    layers.reLU({name: 'relu', maxValue: 1}),
    layers.flatten({name: 'flat'}),
    layers.dense({name: 'dense', units: 3, activation: 'gelu'}),
  ],
});
setSeededWeights(model);
const values = seeded([3, 9, 9, 2], 1).dataSync().slice();
values[7] = NaN;
values[200] = Infinity;
const x = tf.tensor4d(values as Float32Array, [3, 9, 9, 2]);
tf.dispose(model.predict(x));

const READY_MADE = [
  ['stats', () => stats()],
  ['channelStats', () => channelStats()],
  ['histogram', () => histogram()],
  ['histogram with a range', () => histogram({range: [-1, 1]})],
  ['firstNonFinite', () => firstNonFinite()],
  ['topK', () => topK({k: 2})],
] as unknown as readonly (readonly [string, () => Reducer<unknown>])[];

describe.each(READY_MADE)('%s', (_, reducer) => {
  test('the result has the same bits', () => {
    tf.tidy(() => {
      const plain = model.predict(x) as Tensor;
      const {result} = withCapture(() => model.predict(x) as Tensor, {reduce: reducer()});
      expectSameBits('result', result, plain);
    });
  });

  test('memory within the scope, and after it, is as without', () => {
    const run = () => {
      const result = model.predict(x);
      const during = tf.memory();
      tf.dispose(result);
      return [during, tf.memory()];
    };
    const plain = run();
    const capture = withCapture(run, {reduce: reducer()});
    expect(capture.result).toEqual(plain);
    expect(tf.memory()).toEqual(plain[1]);
    expect(capture.memory()).toEqual({tensors: 0, bytes: 0});
  });

  test('a profile is as without', async () => {
    const profiled = () => tf.profile(() => tf.tidy(() => void model.predict(x)));
    const plain = await profiled();
    const capture = await withCapture(profiled, {reduce: reducer()});
    const shown = ({
      kernels,
      newBytes,
      newTensors,
      peakBytes,
    }: Awaited<ReturnType<typeof tf.profile>>) => ({
      kernels: kernels.map(
        ({name, bytesAdded, totalBytesSnapshot, tensorsAdded, outputShapes}) => ({
          name,
          bytesAdded,
          totalBytesSnapshot,
          tensorsAdded,
          outputShapes,
        }),
      ),
      newBytes,
      newTensors,
      peakBytes,
    });
    expect(shown(capture.result)).toEqual(shown(plain));
  });

  test('many rounds leave nothing', () => {
    const before = footprint(model);
    for (let round = 0; round < 200; round++) {
      const capture = withCapture(() => tf.dispose(model.predict(x)), {reduce: reducer()});
      capture.dispose();
    }
    expect(footprint(model)).toEqual(before);
  });
});

test.each<[string, Reducer<unknown> | ((value: Tensor) => unknown)]>([
  ['states of tensors', tensorSum],
  ['functions', (value) => tf.max(value)],
])('many rounds of %s leave nothing', (_, reduce) => {
  const before = footprint(model);
  for (let round = 0; round < 100; round++) {
    withCapture(() => tf.dispose(model.predict(x)), {reduce}).dispose();
  }
  expect(footprint(model)).toEqual(before);
});

test('hook points have one record each, and one state, over 500 passes', () => {
  const row = tf.slice(x, 0, 1);
  const before = tf.memory().numTensors;
  const ids = () => tf.backend().numDataIds();
  const seen = new Set<string>();
  const capture = withCapture(
    () => {
      for (let pass = 0; pass < 500; pass++) {
        tf.dispose(model.predict(row));
        expect(activeScope()?.captured).toEqual([]);
        seen.add(`${tf.memory().numTensors} tensors, ${tf.memory().numBytes} bytes, ${ids()} ids`);
      }
    },
    {reduce: stats()},
  );
  expect(seen.size).toBe(1);
  expect(capture.records).toHaveLength(3);
  expect(capture.get('conv').value?.count).toBeGreaterThan(500 * 150);
  expect(tf.memory().numTensors).toBe(before);
});
