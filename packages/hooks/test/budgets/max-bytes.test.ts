// What a capture may hold: to the byte, and nothing of it is left when it is refused.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';

import {
  CaptureBudgetError,
  channelStats,
  NotRecordedError,
  stats,
  withCapture,
} from '@tfjs-capture/hooks';
import type {RecordKind, Stats} from '@tfjs-capture/hooks';
import {errorOf} from '../error-of.js';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';

const net = sequential({
  layers: [
    layers.dense({name: 'a', units: 5, activation: 'relu', inputShape: [3]}),
    layers.dense({name: 'b', units: 40, activation: 'tanh'}),
    layers.reLU({name: 'c'}),
    layers.dense({name: 'd', units: 2, activation: 'softmax'}),
  ],
});
setSeededWeights(net);
const x = seeded([7, 3], 1);
const UNITS: Readonly<Record<string, number>> = {a: 5, b: 40, c: 40, d: 2};
const run = (): Tensor => net.predict(x, {batchSize: 4}) as Tensor;

/** Bytes that a capture holds after each of its records, data that several share counted once. */
function heldAfterEach(
  record: readonly RecordKind[],
): {name: string; pass: number; bytes: number}[] {
  const capture = withCapture(run, {record});
  const seen = new Set<object>();
  let bytes = 0;
  const after = capture.records.map(({name, pass, ...kinds}) => {
    for (const kind of record) {
      const tensor = kinds[kind];
      if (tensor && !seen.has(tensor.dataId)) bytes += tensor.size * 4;
      if (tensor) seen.add(tensor.dataId);
    }
    return {name, pass, bytes};
  });
  expect(capture.memory().bytes).toBe(bytes);
  capture.result.dispose();
  capture.dispose();
  return after;
}

describe.each([[['pre']], [['pre', 'post', 'output']]] as RecordKind[][][])(
  'recording %j',
  (record) => {
    const after = heldAfterEach(record);
    const all = after.at(-1)!.bytes;

    test('as many bytes as are captured are enough', () => {
      const capture = withCapture(run, {record: record, maxBytes: all});
      expect(capture.memory().bytes).toBe(all);
      capture.result.dispose();
      capture.dispose();
    });

    test('at any budget below, the record that would exceed it is refused, and nothing is left', () => {
      fc.assert(
        fc.property(fc.integer({min: 0, max: all - 1}), (maxBytes) => {
          const before = footprint(net);
          const error = errorOf(() => withCapture(run, {record: record, maxBytes}));
          expect(error).toBeInstanceOf(CaptureBudgetError);
          const refused = after.findIndex(({bytes}) => bytes > maxBytes);
          expect(error.message).toContain(`maxBytes, ${maxBytes},`);
          expect(error.message).toContain(`'${after[refused]!.name}'`);
          expect(error.message).toContain(`on top of ${after[refused - 1]?.bytes ?? 0}.`);
          expect(footprint(net)).toEqual(before);
        }),
        {numRuns: 100},
      );
    });
  },
);

test('one byte less than is needed, and a single tensor larger than the budget', () => {
  const [first, second] = heldAfterEach(['pre']);
  const exact = withCapture(run, {layers: 'a', maxBytes: 7 * 5 * 4});
  expect(exact.memory().bytes).toBe(140);
  exact.result.dispose();
  exact.dispose();
  expect(() => withCapture(run, {layers: 'a', maxBytes: 139})).toThrow(CaptureBudgetError);
  expect(() => withCapture(run, {maxBytes: first!.bytes - 1})).toThrow("of 'a' [4,5] on top of 0.");
  expect(() => withCapture(run, {maxBytes: second!.bytes - 1})).toThrow(
    "of 'b' [4,40] on top of 80.",
  );
});

test('a thousand refusals leave nothing, outside tidies and in asynchronous scopes too', async () => {
  const before = footprint(net);
  for (let round = 0; round < 1000; round++) {
    const options = {maxBytes: 300};
    if (round % 2)
      await expect(withCapture(async () => net.apply(x), options)).rejects.toThrow(
        CaptureBudgetError,
      );
    else expect(() => withCapture(() => net.apply(x), options)).toThrow(CaptureBudgetError);
  }
  expect(footprint(net)).toEqual(before);
});

test('a function that swallows the error does not make it go away', () => {
  const before = footprint(net);
  const swallowing = (): Tensor | null => {
    try {
      return run();
    } catch {
      return null;
    }
  };
  expect(() => withCapture(swallowing, {maxBytes: 100})).toThrow(CaptureBudgetError);
  expect(footprint(net)).toEqual(before);
});

describe("onBudget: 'reduce'", () => {
  test('from the first record that is not admitted on, statistics are kept', () => {
    const whole = withCapture(run);
    const parts = withCapture(run, {reduce: stats()});
    const after = heldAfterEach(['pre']);
    for (const maxBytes of [0, 79, 80, 719, 720, 1e6]) {
      const before = footprint(net);
      const capture = withCapture(run, {maxBytes, onBudget: 'reduce'});
      const held = after.filter(({bytes}) => bytes <= maxBytes);
      expectSameBits('result', capture.result, whole.result);
      expect(capture.memory().bytes).toBe(held.at(-1)?.bytes ?? 0);
      // One entry per hook point, however many passes were reduced.
      const reduced = after.slice(held.length);
      expect(capture.reduced.map(({name}) => name)).toEqual([
        ...new Set(reduced.map(({name}) => name)),
      ]);
      held.forEach(({name, pass}) => {
        expectSameBits(name, capture.pre(name, {pass}), whole.pre(name, {pass}));
      });
      for (const {name} of capture.reduced) {
        expect(() => capture.pre(name)).toThrow(NotRecordedError);
        const {value} = capture.get(name);
        const isWhole = reduced.filter((one) => one.name === name).length === 2;
        if (isWhole) expect(value).toEqual(parts.get(name).value);
        else expect((value as Stats).count).toBe(3 * (UNITS[name] ?? 0));
      }
      capture.result.dispose();
      capture.dispose();
      expect(footprint(net)).toEqual(before);
    }
    tf.dispose([whole.result, parts.result]);
    whole.dispose();
    parts.dispose();
  });
});

test.each([
  ['maxBytes: none', {maxBytes: 'much'}, 'withCapture: maxBytes must be a number of bytes'],
  ['maxBytes: negative', {maxBytes: -1}, 'withCapture: maxBytes must be a number of bytes'],
  ['maxBytes: NaN', {maxBytes: NaN}, 'withCapture: maxBytes must be a number of bytes'],
  [
    'onBudget: unknown',
    {maxBytes: 1, onBudget: 'drop'},
    "withCapture: onBudget must be 'throw' or 'reduce'",
  ],
  ['onBudget alone', {onBudget: 'reduce'}, 'withCapture: onBudget needs maxBytes'],
  ['two reductions', {maxBytes: 1, onBudget: 'reduce', reduce: channelStats()}, 'excludes reduce'],
  [
    'two kinds',
    {maxBytes: 1, onBudget: 'reduce', record: ['pre', 'post']},
    "what is reduced is one of 'pre', 'post' and 'output'",
  ],
])('%s is refused', (_, options, message) => {
  const before = footprint(net);
  expect(() => withCapture(run, options as {maxBytes: number})).toThrow(message);
  expect(footprint(net)).toEqual(before);
});
