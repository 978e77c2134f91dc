import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {
  channelStats,
  firstNonFinite,
  histogram,
  nameScope,
  stats,
  topK,
  withCapture,
} from '@tfjs-capture/hooks';
import {errorOf} from '../error-of.js';
import {seeded} from '../fidelity/seeded-values.js';
import {expectStatistics} from './expect-statistics.js';
import {
  expectedFirstNonFinite,
  expectedStats,
  expectedTopK,
  observe,
  pick,
} from './float64-reference.js';
import {denseModel, inTidy, lstmModel, tensorSum} from './small-models.js';

const model = denseModel();
const lstm = lstmModel();
const x = seeded([6, 5], 1);

test('inputs are counted on over captures where later steps are missing in some', () => {
  tf.tidy(() => {
    const inputs = [2, 4, 3].map((steps) => seeded([3, steps, 2], steps));
    const plain = inputs.map((one) => observe(withCapture(() => lstm.predict(one))));
    const {name} = plain[0]![0]!;
    const [all, ...others] = inputs.map((one) =>
      withCapture(() => lstm.predict(one), {reduce: topK({k: 4})}),
    );
    for (const other of others) all!.merge(other);
    for (const slot of [0, 3]) {
      expect(all!.get(name, {slot}).value).toEqual(expectedTopK(pick(plain, name, slot), 1, 4));
    }
  });
});

test('the first value that is not finite is one of the first capture', () => {
  tf.tidy(() => {
    const late = seeded([1, 3, 2], 1).dataSync().slice();
    late[4] = NaN;
    const early = seeded([1, 3, 2], 2).dataSync().slice();
    early[0] = Infinity;
    const inputs = [late, early].map((values) => tf.tensor(values, [1, 3, 2]));
    const plain = inputs.map((one) => observe(withCapture(() => lstm.predict(one))));
    const {name} = plain[0]![0]!;
    const [all, other] = inputs.map((one) =>
      withCapture(() => lstm.predict(one), {reduce: firstNonFinite()}),
    );
    all!.merge(other!);
    const expected = expectedFirstNonFinite(pick(plain, name, 0));
    expect(expected).toMatchObject({call: 2});
    expect(all!.get(name, {slot: 0}).value).toEqual(expected);
  });
});

test('what has selected nothing takes anything, and adds nothing', () => {
  const some = withCapture(() => model.predict(x) as Tensor, {reduce: stats()});
  const before = some.get('a').value;
  const none = withCapture(() => 1, {reduce: stats()});
  some.merge(none);
  expect(some.get('a').value).toEqual(before);
  none.merge(some);
  expect(none.names()).toEqual(['a', 'b']);
  expect(none.reduced.map(({name}) => name)).toEqual(['a', 'b']);
  expect(none.get('a').value).toEqual(before);
  expect(none.get(model.layers[0]!).value).toEqual(before);
  some.result.dispose();
});

test('layers are told by identity, code outside of them by name', () => {
  tf.tidy(() => {
    const other = denseModel();
    const raw = (scale: number) => nameScope('raw', () => tf.relu(tf.mul(x, scale)));
    const one = withCapture(() => [model.predict(x), raw(1)], {reduce: stats()});
    one.merge(withCapture(() => [other.predict(x), raw(2)], {reduce: stats()}));
    expect(one.get(model.layers[0]!).value).toEqual(one.get(other.layers[0]!).value);
    expect(one.get(model.layers[0]!).value).toMatchObject({count: 24});
    expect(one.get('raw').value).toMatchObject({count: 60});
    expect(errorOf(() => one.get('a')).message).toContain("several layers are called 'a'");
  });
});

test('a data set in one scope is one in many', () => {
  tf.tidy(() => {
    const parts = tf.split(x, 3);
    const plain = observe(withCapture(() => parts.forEach((part) => model.predict(part))));
    const [first, ...others] = parts.map((part) =>
      withCapture(() => model.predict(part), {reduce: stats()}),
    );
    for (const other of others) first!.merge(other);
    const whole = withCapture(() => parts.forEach((part) => model.predict(part)), {
      reduce: stats(),
    });
    for (const one of [first!, whole]) {
      expectStatistics(one.get('b').value, expectedStats(pick([plain], 'b', 0)));
    }
  });
});

describe('states of tensors', () => {
  const sumOf = (one: Tensor | undefined) => one!.dataSync()[0]!;
  const capture = () => withCapture(() => tf.dispose(model.predict(x)), {reduce: tensorSum});

  test('outlive the capture that they came from', () => {
    const before = tf.memory().numTensors;
    const none = withCapture(() => undefined, {reduce: tensorSum});
    const one = capture();
    const sum = sumOf(one.get('a').value);
    none.merge(one);
    one.dispose();
    one.dispose();
    expect(sumOf(none.get('a').value)).toBe(sum);
    const two = capture();
    none.merge(two).merge(two);
    expect(sumOf(two.get('a').value)).toBe(sum);
    two.dispose();
    expect(sumOf(none.get('a').value)).toBeCloseTo(3 * sum, 4);
    none.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('of several calls are disposed of', () => {
    const before = tf.memory().numTensors;
    const sequence = seeded([3, 4, 2], 1);
    const run = () => withCapture(() => tf.dispose(lstm.predict(sequence)), {reduce: tensorSum});
    const [one, two] = [run(), run()];
    const sum = sumOf(one.get('lstm', {slot: 1}).value);
    one.merge(two);
    expect(sumOf(one.get('lstm', {slot: 1}).value)).toBeCloseTo(2 * sum, 4);
    expect(sumOf(two.get('lstm', {slot: 1}).value)).toBe(sum);
    one.dispose();
    expect(sumOf(two.get('lstm', {slot: 1}).value)).toBe(sum);
    two.dispose();
    sequence.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('is refused', () => {
  const reduced = <V>(reduce: Parameters<typeof withCapture<Tensor, V>>[1]) =>
    inTidy(() => withCapture(() => model.predict(x) as Tensor, reduce));
  const byStats = () => inTidy(() => withCapture(() => model.predict(x), {reduce: stats()}));

  test.each([
    ['of another reducer', () => channelStats(), 'stats', 'channelStats'],
    ['of other bins', () => histogram({bins: 3}), 'stats', 'histogram of 3 bins'],
    ['of another k', () => topK({k: 2}), 'stats', 'topK of 2'],
    ['of a reducer of their own', () => tensorSum, 'stats', 'undefined'],
  ] as const)('%s', (_, reduce, own, other) => {
    tf.tidy(() => {
      const from = withCapture(() => model.predict(x), {reduce: reduce()});
      const {message} = errorOf(() => byStats().merge(from as never));
      expect(message).toContain(`capture.merge: what is merged must be ${own}, got`);
      expect(message).toContain(other);
    });
  });

  test('along another axis', () => {
    tf.tidy(() => {
      const [one, two] = [{}, {axis: 0}].map((options) =>
        withCapture(() => model.predict(x), {reduce: channelStats(options)}),
      );
      expect(errorOf(() => one!.merge(two!)).message).toContain(
        "what is merged must be channelStats, got 'channelStats along axis 0'",
      );
    });
  });

  test('of itself, of what no reducer has made, of what has been disposed of', () => {
    tf.tidy(() => {
      const one = byStats();
      const remedy = 'Pass reduce: stats(), for example.';
      expect(errorOf(() => one.merge(one)).message).toContain('got ');
      expect(errorOf(() => one.merge(withCapture(() => 1) as never)).message).toContain(remedy);
      expect(
        errorOf(() => one.merge(reduced({reduce: (t: Tensor) => t.size}) as never)).message,
      ).toContain(remedy);
      const two = byStats();
      two.dispose();
      expect(errorOf(() => one.merge(two)).message).toContain('disposed of');
      expect(errorOf(() => two.merge(one)).message).toContain('disposed of');
    });
  });
});
