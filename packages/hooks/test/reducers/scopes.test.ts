// Reducing scopes within others, asynchronous ones, ones that edit, and all kinds of records and values.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {
  ablate,
  channelStats,
  firstNonFinite,
  histogram,
  nameScope,
  stats,
  topK,
  withCapture,
} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {expectChannelStatistics, expectStatistics} from './expect-statistics.js';
import {
  countsBetween,
  expectedChannelStats,
  expectedFirstNonFinite,
  expectedStats,
  expectedTopK,
  observe,
  pick,
} from './float64-reference.js';
import {denseModel, inTidy} from './small-models.js';

const model = denseModel();
const x = seeded([40, 5], 1);
const predict = () => model.predict(x) as Tensor;

describe('nested scopes', () => {
  const plain = inTidy(() => observe(withCapture(predict)));
  const alone = inTidy(() => withCapture(predict, {reduce: stats()}).get('a').value);

  test('the inner one reduces, the outer one records tensors', () => {
    tf.tidy(() => {
      const outer = withCapture(() => withCapture(predict, {reduce: stats()}));
      expect(observe(outer)).toEqual(plain);
      expect(outer.result.get('a').value).toEqual(alone);
    });
  });
  test('the outer one reduces, the inner one records tensors', () => {
    tf.tidy(() => {
      const outer = withCapture(() => withCapture(predict), {reduce: stats()});
      expect(observe(outer.result)).toEqual(plain);
      expect(outer.get('a').value).toEqual(alone);
    });
  });
  test('both reduce, each its own way', () => {
    tf.tidy(() => {
      const outer = withCapture(
        () => {
          predict();
          return withCapture(predict, {reduce: (value: Tensor) => tf.sum(value, 1, true)});
        },
        {reduce: stats()},
      );
      expect(outer.get('a').value?.count).toBe(2 * 40 * 4);
      expect(outer.result.get('a').value?.shape).toEqual([40, 1]);
    });
  });
  test('what a reducer runs is recorded by nobody', () => {
    tf.tidy(() => {
      const outer = withCapture(() =>
        withCapture(predict, {reduce: (value: Tensor) => tf.relu(value)}),
      );
      expect(outer.names()).toEqual(['a', 'b']);
      expect(outer.result.names()).toEqual(['a', 'b']);
    });
  });
});

test('asynchronous scopes that overlap have what they would alone', async () => {
  const inputs = [x, seeded([3, 5], 2)];
  const alone = inputs.map((input) =>
    inTidy(() => withCapture(() => model.predict(input), {reduce: stats()}).get('b').value),
  );
  const captures = await Promise.all(
    inputs.map((input) =>
      withCapture(
        async () => {
          for (let time = 0; time < 2; time++) {
            tf.dispose(model.predict(input));
            await new Promise(setImmediate);
          }
        },
        {reduce: stats()},
      ),
    ),
  );
  captures.forEach((capture, i) => {
    const {value} = capture.get('b');
    expect(value).toMatchObject({count: 2 * alone[i]!.count, min: alone[i]!.min});
  });
});

test('what is reduced has been edited', () => {
  tf.tidy(() => {
    const edit = {a: ablate([1, 2])};
    const plain = observe(withCapture(predict, {edit}));
    const capture = withCapture(predict, {edit, reduce: channelStats()});
    expect(capture.get('a').value?.max.slice(1, 3)).toEqual([0, 0]);
    const scopes = pick([plain], 'a', 0);
    expectChannelStatistics(capture.get('a').value, expectedChannelStats(scopes, 1));
    expectSameBits('result', capture.result, withCapture(predict, {edit}).result);
  });
});

test.each(['pre', 'post', 'output'] as const)('%s', (kind) => {
  tf.tidy(() => {
    const plain = observe(withCapture(predict, {record: [kind]}));
    const capture = withCapture(predict, {record: [kind], reduce: stats()});
    for (const name of ['a', 'b']) {
      expectStatistics(capture.get(name).value, expectedStats(pick([plain], name, 0)));
    }
  });
});

describe.each<[string, () => Tensor]>([
  ['int32', () => tf.cast(seeded([4, 3, 1], 3, 100), 'int32')],
  ['bool', () => tf.greater(seeded([4, 3, 1], 3), 0)],
])('values of %s', (_, values) => {
  const names = ['flat'];
  const identity = sequential({
    layers: [layers.flatten({name: 'flat', inputShape: [3, 1], dtype: 'int32'})],
  });
  const run = () => identity.apply(values()) as Tensor;
  const record = ['output' as const];

  test('are reduced by each reducer', () => {
    tf.tidy(() => {
      const plain = observe(withCapture(run, {record}));
      expect(plain.map(({name}) => name)).toEqual(names);
      const value = <V>(reduce: Parameters<typeof withCapture<Tensor, V>>[1]) =>
        (withCapture(run, {record, ...reduce}).get('flat') as {value?: V}).value;
      const [scopes] = [pick([plain], 'flat', 0)];
      expectStatistics(value({reduce: stats()}), expectedStats(scopes));
      expectChannelStatistics(value({reduce: channelStats()}), expectedChannelStats(scopes, 1));
      const counted = value({reduce: histogram({bins: 5})}) as {edges: readonly number[]};
      expect(counted).toEqual(countsBetween(scopes, counted.edges));
      expect(value({reduce: firstNonFinite()})).toEqual(expectedFirstNonFinite(scopes));
      expect(value({reduce: topK({k: 2})})).toEqual(expectedTopK(scopes, 1, 2));
    });
  });

  test('leave nothing', () => {
    const before = tf.memory();
    tf.tidy(() => {
      for (const reduce of [stats(), histogram(), topK({k: 1}), firstNonFinite()]) {
        withCapture(run, {record, reduce: reduce as ReturnType<typeof stats>}).dispose();
      }
    });
    expect(tf.memory()).toEqual(before);
  });
});

test('the indices that an embedding takes, and what it gives', () => {
  tf.tidy(() => {
    const embedding = sequential({
      layers: [
        layers.embedding({name: 'words', inputDim: 9, outputDim: 4, inputLength: 3}),
        layers.dense({name: 'dense', units: 2, activation: 'relu'}),
      ],
    });
    const words = tf.tensor2d([1, 2, 3, 8, 0, 0], [2, 3], 'int32');
    const run = () => embedding.predict(words);
    const record = ['output' as const];
    const plain = observe(withCapture(run, {record}));
    const capture = withCapture(run, {record, reduce: channelStats()});
    for (const name of ['words', 'dense']) {
      const scopes = pick([plain], name, 0);
      expectChannelStatistics(capture.get(name).value, expectedChannelStats(scopes, 2));
    }
  });
});

test('code outside every layer, by its scopes of names', () => {
  tf.tidy(() => {
    const run = () => {
      for (const name of ['one', 'two']) {
        nameScope(name, () => tf.relu(tf.tanh(x)));
      }
      return tf.sigmoid(x);
    };
    const plain = observe(withCapture(run));
    const capture = withCapture(run, {reduce: stats()});
    expect(capture.records.map(({name, call, slot}) => [name, call, slot])).toEqual(
      plain.map(({name, call, slot}) => [name, call, slot]),
    );
    capture.records.forEach(({name, slot, call, value}) => {
      expectStatistics(value, expectedStats(pick([plain], name, slot, call)));
    });
  });
});
