// How values are reduced where JavaScript cannot read them: the same operations, called by hand.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {channelStats, firstNonFinite, histogram, topK} from '@tfjs-capture/hooks';
import type {ReducedPoint, Reducer} from '@tfjs-capture/hooks';
import {
  countsBetween,
  expectedChannelStats,
  expectedFirstNonFinite,
  expectedTopK,
} from './float64-reference.js';
import type {Observed} from './float64-reference.js';

const point: ReducedPoint = {
  name: 'layer',
  path: ['layer'],
  activation: 'relu',
  kernel: null,
  pass: 0,
  call: 0,
  slot: 0,
  kind: 'pre',
  channelAxis: 1,
};

/** Passes of [rows, 3, 2], channels along axis 1; few numbers of many roundings, and some that are not finite. */
const passes = fc.array(
  fc
    .integer({min: 1, max: 5})
    .chain((rows) =>
      fc.array(
        fc.oneof(
          {weight: 9, arbitrary: fc.float({min: -8, max: 8, noNaN: true, noDefaultInfinity: true})},
          {weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 5, -1)},
        ),
        {minLength: rows * 6, maxLength: rows * 6},
      ),
    ),
  {minLength: 1, maxLength: 3},
);

function reduce<V>(reducer: Reducer<V>, observed: readonly Observed[]): V {
  const state = reducer.init(point);
  tf.tidy(() => {
    for (const {values, shape, pass} of observed) {
      reducer.step(state, tf.tensor([...values], [...shape], 'float32'), {...point, pass});
    }
  });
  return reducer.finish(state);
}

const observe = (all: readonly number[][]): Observed[] =>
  all.map((values, pass) => ({
    name: 'layer',
    pass,
    call: 0,
    slot: 0,
    shape: [values.length / 6, 3, 2],
    values: Array.from(Float32Array.from(values)),
  }));

const holds = (check: (observed: Observed[]) => void) => {
  const before = tf.memory().numTensors;
  fc.assert(
    fc.property(passes, (all) => check(observe(all))),
    {numRuns: 60},
  );
  expect(tf.memory().numTensors).toBe(before);
};

test('channelStats: counts and extremes exactly, the rest as single precision has it', () => {
  holds((observed) => {
    const {mean, variance, ...exact} = reduce(channelStats(), observed);
    const expected = expectedChannelStats([observed], 1);
    const plain = (one: object) =>
      Object.entries(one).map(([key, values]) => [key, (values as number[]).map((v) => v + 0)]);
    const {mean: wantedMean, variance: wantedVariance, ...wanted} = expected;
    expect(plain(exact)).toEqual(plain(wanted));
    // Values of at most 8, of 10 or fewer in a sum: some tens of roundings of 2^-24.
    mean.forEach((one, i) => expectClose(one, wantedMean![i]!, 8 * 2 ** -20));
    variance.forEach((one, i) => expectClose(one, wantedVariance![i]!, 64 * 2 ** -20));
  });
});

function expectClose(actual: number, expected: number, tolerance: number): void {
  if (Number.isNaN(expected)) expect(actual).toBeNaN();
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance);
}

test.each([
  ['a range', {bins: 5, range: [-1.1, 5] as const}],
  ['49 bins', {bins: 49, range: [-1, 5] as const}],
  ['no range', {bins: 5}],
  ['one bin', {bins: 1}],
])('histogram with %s', (_, options) => {
  holds((observed) => {
    const value = reduce(histogram(options), observed);
    expect(value).toEqual(countsBetween([observed], value.edges));
  });
});

test('firstNonFinite', () => {
  holds((observed) => {
    expect(reduce(firstNonFinite(), observed)).toEqual(expectedFirstNonFinite([observed]));
  });
});

test('topK', () => {
  holds((observed) => {
    expect(reduce(topK({k: 2}), observed).map(byValue)).toEqual(
      Array.from({length: 3}, (_, i) => byValue(expectedTopK([observed], 1, 2)[i] ?? [])),
    );
  });
});

/** 0 and -0 are one value. */
const byValue = (inputs: readonly {index: number; value: number}[]) =>
  inputs.map(({index, value}) => ({index, value: value + 0}));
