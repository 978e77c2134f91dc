// Every reducer over random models, passes and scopes, merged in random ways, against what a plain capture of the
// same calls holds. On failure fast-check prints the seed, and the smallest run that fails.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {
  channelStats,
  firstNonFinite,
  histogram,
  stats,
  topK,
  withCapture,
} from '@tfjs-capture/hooks';
import type {Histogram, ReducedCapture, Reducer} from '@tfjs-capture/hooks';
import {expectChannelStatistics, expectStatistics} from './expect-statistics.js';
import * as reference from './float64-reference.js';
import type {Scopes} from './float64-reference.js';
import {buildRun, mergingOrder, runs} from './random-runs.js';
import type {Run} from './random-runs.js';

/** Counts, sums and products modulo a prime, of bits: exact, in whatever order. */
const bitsReducer: Reducer<number[], number[]> = {
  init: () => [0, 0],
  step: ([count, sum], value) => [count! + value.size, bitSum(sum!, Array.from(value.dataSync()))],
  merge: (into, from) => from.forEach((number, i) => (into[i] = (into[i]! + number) % PRIME)),
  finish: (state) => [...state],
};
const PRIME = 999983;
const bitSum = (start: number, values: readonly number[]): number =>
  values.reduce((sum, value) => {
    const [bits] = new Uint32Array(Float32Array.of(value).buffer);
    return (sum + (Number.isNaN(value) ? 1 : bits! % PRIME)) % PRIME;
  }, start);

interface Check<V> {
  readonly reducer: () => Reducer<V>;
  /** @param axis along which channels lie */
  readonly expectValue: (value: V, scopes: Scopes, axis: number) => void;
}
const check = <V>(reducer: () => Reducer<V>, expectValue: Check<V>['expectValue']) =>
  ({reducer, expectValue}) as Check<unknown>;

const RANGE = [-0.7, 1.1] as const;
const CHECKS: Readonly<Record<string, Check<unknown>>> = {
  stats: check(stats, (value, scopes) => {
    expectStatistics(value, reference.expectedStats(scopes));
  }),
  channelStats: check(channelStats, (value, scopes, axis) => {
    expectChannelStatistics(value, reference.expectedChannelStats(scopes, axis));
  }),
  'histogram with a range': check(
    () => histogram({bins: 49, range: RANGE}),
    (value, scopes) => {
      const {edges} = value;
      expect([edges.length, edges[0], edges.at(-1)]).toEqual([50, ...RANGE]);
      expect(value).toEqual(reference.countsBetween(scopes, edges));
    },
  ),
  'histogram without a range': check(() => histogram({bins: 7}), expectFollowing),
  'histogram of one bin': check(() => histogram({bins: 1}), expectFollowing),
  firstNonFinite: check(firstNonFinite, (value, scopes) => {
    expect(value).toEqual(reference.expectedFirstNonFinite(scopes));
  }),
  topK: check(
    () => topK({k: 3}),
    (value, scopes, axis) => {
      expect(value).toEqual(reference.expectedTopK(scopes, axis, 3));
    },
  ),
  own: check(
    () => bitsReducer,
    (value, scopes) => {
      const all = scopes.flat().flatMap(({values}) => values);
      expect(value).toEqual([all.length, bitSum(0, all)]);
    },
  ),
};

/** Bins that hold all finite values, and are as wide as a power of two. */
function expectFollowing(value: Histogram, scopes: Scopes): void {
  const {edges} = value;
  expect(value).toEqual(reference.countsBetween(scopes, edges));
  expect([value.below, value.above]).toEqual([0, 0]);
  const width = edges[1]! - edges[0]!;
  expect(Number.isInteger(Math.log2(width))).toBe(true);
}

function holds(run: Run, {reducer, expectValue}: Check<unknown>): void {
  const {model, inputs, dispose} = buildRun(run);
  try {
    tf.tidy(() => {
      const plain = inputs.map((x) => reference.observe(withCapture(() => model.predict(x))));
      const captures = inputs.map((x) => withCapture(() => model.predict(x), {reduce: reducer()}));
      const expectAll = (capture: ReducedCapture<unknown>, scopes: Scopes) => {
        const points = new Map(scopes.flat().map((one) => [`${one.name} ${one.slot}`, one]));
        for (const {name, slot, shape} of points.values()) {
          const axis = shape.length - 1;
          expectValue(capture.get(name, {slot}).value, reference.pick(scopes, name, slot), axis);
          const ofCall = reference.pick(scopes, name, slot, 0);
          expectValue(capture.get(name, {slot, call: 0}).value, ofCall, axis);
        }
        expect(capture.names().sort()).toEqual(
          [...new Set(scopes.flat().map(({name}) => name))].sort(),
        );
        expect(capture.memory()).toEqual({tensors: 0, bytes: 0});
      };
      captures.forEach((capture, i) => expectAll(capture, [plain[i]!]));

      const {order, merges} = mergingOrder(run);
      const pieces = order.map((i) => ({capture: captures[i]!, scopes: [plain[i]!]}));
      for (const at of merges) {
        const [into, from] = [pieces[at]!, pieces.splice(at + 1, 1)[0]!];
        expect(into.capture.merge(from.capture)).toBe(into.capture);
        into.scopes.push(...from.scopes);
        expectAll(into.capture, into.scopes);
        expectAll(from.capture, from.scopes);
      }
    });
  } finally {
    dispose();
  }
}

test.each(Object.entries(CHECKS))('%s is what plain captures say', (_, one) => {
  const before = tf.memory().numTensors;
  fc.assert(
    fc.property(runs, (run) => holds(run, one)),
    {numRuns: 25},
  );
  expect(tf.memory().numTensors).toBe(before);
});
