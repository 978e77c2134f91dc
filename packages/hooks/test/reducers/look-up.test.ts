// What a capture of results answers.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {channelStats, histogram, stats, topK, withCapture} from '@tfjs-capture/hooks';
import {errorOf} from '../error-of.js';
import {seeded} from '../fidelity/seeded-values.js';
import {expectStatistics} from './expect-statistics.js';
import {expectedStats, observe, pick} from './float64-reference.js';
import {denseModel, inTidy, lstmModel, sharedModel, tensorSum} from './small-models.js';

const model = denseModel();
const x = seeded([70, 5], 1);
const reduced = () => inTidy(() => withCapture(() => model.predict(x), {reduce: stats()}));

test('passes are one result', () => {
  const capture = reduced();
  expect(capture.records.map(({name, pass}) => [name, pass])).toEqual([
    ['a', 0],
    ['b', 0],
  ]);
  expect(capture.get('a').value?.count).toBe(70 * 4);
  expect(capture.get(model.layers[1]!).value?.count).toBe(70 * 3);
  expect(capture.get('a')).not.toHaveProperty('pre');
  const message = errorOf(() => capture.get('a', {pass: 1})).message;
  expect(message).toBe("capture.get: the passes of 'a' are merged, got 'pass 1'. Leave it out.");
  expect(errorOf(() => capture.get('a', {pass: 0})).message).toContain("got 'pass 0'");
});

test('calls are one result, unless one is named', () => {
  tf.tidy(() => {
    const shared = sharedModel();
    const rows = seeded([40, 4], 2);
    const plain = observe(withCapture(() => shared.predict(rows)));
    const capture = withCapture(() => shared.predict(rows), {reduce: stats()});
    expect(capture.records.map(({call}) => call)).toEqual([0, 1]);
    expectStatistics(capture.get('shared').value, expectedStats(pick([plain], 'shared', 0)));
    for (const call of [0, 1]) {
      expectStatistics(
        capture.get('shared', {call}).value,
        expectedStats(pick([plain], 'shared', 0, call)),
      );
    }
    expect(errorOf(() => capture.get('shared', {call: 2})).message).toContain(
      "'shared' has no hook point at {call: 2}",
    );
    expect(errorOf(() => capture.get('shared', {call: 1, pass: 1})).message).toContain(
      "the passes of 'shared' are merged",
    );
  });
});

test('each gate of an LSTM has a result', () => {
  tf.tidy(() => {
    const lstm = lstmModel();
    const sequence = seeded([2, 3, 2], 1);
    const plain = observe(withCapture(() => lstm.predict(sequence)));
    const capture = withCapture(() => lstm.predict(sequence), {reduce: stats()});
    const {name} = plain[0]!;
    for (const slot of [0, 1, 2, 3, 4]) {
      const {value} = capture.get('lstm', {slot});
      expect(value?.count).toBe(18);
      expectStatistics(value, expectedStats(pick([plain], name, slot)));
      const {value: first} = capture.get(lstm.layers[0]!, {slot, call: 1});
      expectStatistics(first, expectedStats(pick([plain], name, slot, 1)));
    }
    expect(errorOf(() => capture.get('lstm')).message).toContain('5 hook points');
  });
});

test('tensors are not there', () => {
  const capture = reduced();
  for (const at of [undefined, {pass: 0}, {call: 0}]) {
    expect(errorOf(() => capture.pre('a', at)).message).toBe(
      "capture.pre: 'a' was reduced, got no tensor. Read capture.get('a').value.",
    );
  }
  expect(errorOf(() => capture.post('b')).name).toBe('NotRecordedError');
  expect(errorOf(() => capture.output(model.layers[0]!)).message).toContain("'a' was reduced");
  expect(errorOf(() => capture.pre('aa')).message).toContain("'a'");
  expect(errorOf(() => capture.get('aa')).name).toBe('LayerNotFoundError');
});

test('names, records, find, iteration, reduced', () => {
  const capture = reduced();
  expect(capture.names()).toEqual(['a', 'b']);
  expect([...capture]).toEqual(capture.records);
  expect(capture.find('b')).toEqual([capture.records[1]]);
  expect(capture.find('b')[0]?.value).toEqual(capture.get('b').value);
  expect(capture.reduced.map(({name}) => name)).toEqual(['a', 'b']);
  expect(capture.memory()).toEqual({tensors: 0, bytes: 0});
});

test('the table has a line per result, and a column per number', () => {
  const lines = reduced().table().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^name +activation +count +min +max +mean +variance/);
  expect(lines[1]).toMatch(/^a +relu +280 /);
  const table = (reduce: Parameters<typeof withCapture>[1]) =>
    inTidy(() => withCapture(() => model.predict(x), reduce).table());
  expect(table({reduce: histogram()})).toMatch(/a +relu +\[65\] +\[64\]/);
  expect(table({reduce: topK({k: 1})})).toMatch(/a +relu +\[4\]/);
  expect(table({reduce: channelStats()})).toMatch(/a +relu +\[4\]/);
  expect(table({reduce: (t: Tensor) => tf.sum(t, 0)})).toMatch(/a pass 2 +relu +Tensor \[4\]/);
});

test('the end is the end', () => {
  const before = tf.memory().numTensors;
  const capture = withCapture(() => tf.dispose(model.predict(x)), {reduce: tensorSum});
  const {value} = capture.get('a');
  expect(capture.memory()).toEqual({tensors: 2, bytes: 8});
  expect(tf.memory().numTensors).toBe(before + 2);
  capture.dispose();
  capture.dispose();
  expect(value?.isDisposed).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
  for (const ask of [() => capture.get('a'), () => capture.find('a'), () => capture.pre('a')]) {
    expect(errorOf(ask).name).toBe('CaptureDisposedError');
  }
});

test('results of tensors end with the tidy, or with the block of `using`', () => {
  const before = tf.memory().numTensors;
  const run = () => withCapture(() => tf.dispose(model.predict(x)), {reduce: tensorSum});
  tf.tidy(() => {
    run();
    expect(tf.memory().numTensors).toBe(before + 2);
  });
  expect(tf.memory().numTensors).toBe(before);
  {
    using held = run();
    expect(held.get('a').value?.isDisposed).toBe(false);
  }
  expect(tf.memory().numTensors).toBe(before);
  const returned = tf.tidy(() => tf.keep(run().get('a').value!));
  expect(returned.isDisposed).toBe(false);
  returned.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
