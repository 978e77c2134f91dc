// The option `slice`: parts of values in place of values.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {channelStats, nameScope, stats, topK, withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions, Slice} from '@tfjs-capture/hooks';
import {errorOf} from '../error-of.js';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {expectChannelStatistics, expectStatistics} from './expect-statistics.js';
import {
  expectedChannelStats,
  expectedStats,
  expectedTopK,
  observe,
  pick,
} from './float64-reference.js';
import {denseModel, lstmModel} from './small-models.js';

const model = denseModel();
const x = seeded([70, 5], 1);
const rows = seeded([4, 5], 2);
const predict = () => model.predict(x) as Tensor;
const firstColumn: Slice = (value) => tf.slice(value, [0, 0], [-1, 1]);

const take = (value: Tensor, channels: number[], axis: number) =>
  tf.gather(value, tf.tensor1d(channels, 'int32'), axis);

test.each(['pre', 'post', 'output'] as const)('channels of %s, in their order', (kind) => {
  tf.tidy(() => {
    const record = ['pre', 'post', 'output'] as const;
    const plain = withCapture(predict, {record});
    const capture = withCapture(predict, {record, slice: {channels: [2, 0]}});
    for (const name of ['a', 'b']) {
      expectSameBits(name, capture[kind](name), take(plain[kind](name), [2, 0], 1));
      const at = {pass: 1};
      expectSameBits('pass 1', capture[kind](name, at), take(plain[kind](name, at), [2, 0], 1));
    }
    expectSameBits('result', capture.result, plain.result);
  });
});

test.each(['channelsFirst', 'channelsLast'] as const)('channels of %s', (dataFormat) => {
  tf.tidy(() => {
    const inputShape = dataFormat === 'channelsFirst' ? [2, 5, 6] : [5, 6, 2];
    const conv = sequential({
      layers: [
        layers.conv2d({
          name: 'conv',
          filters: 4,
          kernelSize: 2,
          activation: 'relu',
          dataFormat,
          inputShape,
        }),
      ],
    });
    setSeededWeights(conv);
    const image = seeded([2, ...inputShape], 1);
    const plain = withCapture(() => conv.predict(image));
    const capture = withCapture(() => conv.predict(image), {slice: {channels: [3]}});
    const axis = dataFormat === 'channelsFirst' ? 1 : 3;
    expectSameBits('conv', capture.pre('conv'), take(plain.pre('conv'), [3], axis));
  });
});

test('a function, of each hook point', () => {
  tf.tidy(() => {
    const lstm = lstmModel();
    const sequence = seeded([2, 3, 2], 1);
    const plain = withCapture(() => lstm.predict(sequence));
    const seen: string[] = [];
    const capture = withCapture(() => lstm.predict(sequence), {
      slice: (value, {kind, slot, call, channelAxis}) => {
        seen.push(`${kind} ${slot} ${call} ${channelAxis}`);
        return tf.slice(value, [0, 0], [-1, 1]);
      },
    });
    expect(seen).toHaveLength(15);
    expect(seen).toContain('pre 4 2 1');
    for (const at of [
      {slot: 0, call: 0},
      {slot: 4, call: 2},
    ]) {
      const expected = tf.slice(plain.pre('lstm', at), [0, 0], [-1, 1]);
      expectSameBits('lstm', capture.pre('lstm', at), expected);
    }
  });
});

test('the value itself stays as it is', () => {
  tf.tidy(() => {
    const capture = withCapture(predict, {slice: (value) => value});
    expectSameBits('a', capture.pre('a'), withCapture(predict).pre('a'));
    expect(capture.memory().tensors).toBe(6 + 1);
  });
});

test('what is cut is reduced', () => {
  tf.tidy(() => {
    const slice = {channels: [1, 2]};
    const plain = observe(withCapture(predict, {slice}));
    expect(plain[0]!.shape).toEqual([32, 2]);
    const value = <V>(options: CaptureOptions<V>) =>
      (withCapture(predict, {slice, ...options} as CaptureOptions).get('a') as {value?: V}).value;
    const scopes = pick([plain], 'a', 0);
    expectStatistics(value({reduce: stats()}), expectedStats(scopes));
    expectChannelStatistics(value({reduce: channelStats()}), expectedChannelStats(scopes, 1));
    expect(value({reduce: topK({k: 3})})).toEqual(expectedTopK(scopes, 1, 3));
    const sums = value({reduce: (t: Tensor) => tf.sum(t, 1)}) as Tensor;
    expectSameBits('sums', sums, tf.sum(withCapture(predict, {slice}).pre('a'), 1));
  });
});

describe('gradients through a slice', () => {
  const [kernel, bias] = model.layers[0]!.getWeights() as [Tensor2D, Tensor1D];
  const expectGradient = (fn: (input: Tensor) => Tensor, byHand: (input: Tensor) => Tensor) => {
    tf.tidy(() => {
      const got = tf.grad((input: Tensor) => tf.sum<Scalar>(tf.square(fn(input))))(rows);
      const wanted = tf.grad((input: Tensor) => tf.sum<Scalar>(tf.square(byHand(input))))(rows);
      expect(tf.max(tf.abs(wanted)).dataSync()[0]).toBeGreaterThan(0);
      if (tf.getBackend() === 'cpu') expectSameBits('gradient', got, wanted);
      else expect(tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]).toBeLessThan(1e-5);
    });
  };
  const pre = (input: Tensor) => tf.add(tf.matMul(input as Tensor2D, kernel), bias);
  const cut = (value: Tensor) => tf.slice(value, [0, 0], [-1, 1]);

  test('by a function', () => {
    expectGradient(
      (input) => withCapture(() => model.apply(input), {layers: 'a', slice: firstColumn}).pre('a'),
      (input) => cut(pre(input)),
    );
  });
  test('by a function, and a function that reduces', () => {
    expectGradient(
      (input) =>
        withCapture(() => model.apply(input), {
          layers: 'a',
          slice: firstColumn,
          reduce: (value: Tensor) => tf.exp(value),
        }).get('a').value!,
      (input) => tf.exp(cut(pre(input))),
    );
  });
  test('outside layers', () => {
    expectGradient(
      (input) =>
        withCapture(() => nameScope('raw', () => tf.relu(tf.mul(input, 2))), {
          slice: firstColumn,
        }).pre('raw'),
      (input) => cut(tf.mul(input, 2)),
    );
  });
  // WASM has no gradient of gather.
  (tf.getBackend() === 'cpu' ? test : test.failing)('by channels', () => {
    expectGradient(
      (input) =>
        withCapture(() => model.apply(input), {layers: 'a', slice: {channels: [2, 0]}}).pre('a'),
      (input) => take(pre(input), [2, 0], 1),
    );
  });
});

test('nothing is left', () => {
  const before = footprint(model);
  for (const slice of [{channels: [0]}, firstColumn, (value: Tensor) => value] as Slice[]) {
    const capture = withCapture(() => tf.dispose(predict()), {slice});
    expect(capture.pre('a').shape[0]).toBe(70);
    capture.dispose();
  }
  expect(footprint(model)).toEqual(before);
});

describe('is refused', () => {
  test.each<[unknown, string]>([
    [3, 'slice must be {channels: indices} or a function of the value, got 3'],
    [{}, 'slice must be'],
    [{channels: []}, 'got an array of 0. Pass {channels: [3, 5]}.'],
    [{channels: [0.5]}, 'got an array of 1'],
    [{channels: [-1]}, 'got an array of 1'],
    [{channels: 3}, 'got 3'],
    [
      {channels: [1, 3]},
      "slice names channels that 'b' of shape [32,3] must have, got 3. It has 0 to 2; " +
        'select layers by layers.',
    ],
    [() => 1, "slice must return a tensor, got 1 for 'a'. Pass reduce for anything else."],
    [
      (value: Tensor) => {
        const made = tf.neg(value);
        made.dispose();
        return made;
      },
      'slice must return a tensor',
    ],
  ])('%p', (slice, message) => {
    const before = footprint(model);
    const error = errorOf(() =>
      withCapture(() => tf.dispose(predict()), {slice} as CaptureOptions),
    );
    expect(error.name).toBe('CaptureArgumentError');
    expect(error.message).toContain(message);
    expect(footprint(model)).toEqual(before);
  });

  test('by what a function throws', () => {
    const before = footprint(model);
    const error = new Error('mine');
    const slice = (): never => {
      throw error;
    };
    expect(() => withCapture(predict, {slice})).toThrow(error);
    expect(footprint(model)).toEqual(before);
  });
});
