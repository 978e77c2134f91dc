import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {valuesInPlace} from '../tfjs-internals.js';
import {emptyMoments, mergeMoments} from './channel-moments.js';
import type {ChannelMoments} from './channel-moments.js';
import {momentsOf} from './moments-of.js';

const moments = (values: ArrayLike<number>, channels = 1, inner = 1): ChannelMoments => {
  const tensor = tf.tensor1d(Float32Array.from(values));
  try {
    const inPlace = valuesInPlace(tf.backend(), tensor) as Float32Array;
    return momentsOf(inPlace, channels, inner, tf.backend());
  } finally {
    tensor.dispose();
  }
};

/** Neumaier's sum. */
function sum(terms: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const term of terms) {
    const next = total + term;
    lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
    total = next;
  }
  return total + lost;
}

const valuesOfChannel = (
  values: Float32Array,
  channel: number,
  channels: number,
  inner: number,
): number[] => [...values].filter((_, i) => Math.floor(i / inner) % channels === channel);

/** In two passes. */
function expectMoments(got: ChannelMoments, channel: number, values: readonly number[]): void {
  const finite = values.filter(Number.isFinite);
  const at = (name: keyof ChannelMoments) => got[name][channel] as number;
  const mean = finite.length ? sum(finite) / finite.length : 0;
  const apart = finite.map((value) => value - mean);
  const largest = (of: number[]) => of.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect({
    count: at('count'),
    min: at('min') + 0,
    max: at('max') + 0,
    nonPositive: at('nonPositive'),
    nan: at('nan'),
    infinite: at('infinite'),
  }).toEqual({
    count: finite.length,
    min: finite.reduce((least, value) => Math.min(least, value), Infinity) + 0,
    max: finite.reduce((most, value) => Math.max(most, value), -Infinity) + 0,
    nonPositive: finite.filter((value) => value <= 0).length,
    nan: values.filter(Number.isNaN).length,
    infinite: values.filter((value) => Math.abs(value) === Infinity).length,
  });
  expect(Math.abs(at('mean') - mean)).toBeLessThanOrEqual(1e-12 * largest(finite));
  const squares = sum(apart.map((value) => value * value));
  const scale = finite.length * largest(apart) ** 2;
  expect(Math.abs(at('squares') - squares)).toBeLessThanOrEqual(1e-12 * scale);
}

const special = fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e38, -3e38, 1e-45, -1e-45);
const shapes = fc.oneof(
  fc.record({outer: fc.nat(200), inner: fc.constant(1)}),
  fc.record({outer: fc.nat(20), inner: fc.integer({min: 1, max: 20})}),
  fc.record({outer: fc.nat(4), inner: fc.integer({min: 30, max: 90})}),
);

/** Values in [-1, 1) around an offset. */
function someValues(size: number, seed: number, offset: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({length: size}, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return offset + state / 2 ** 31 - 1;
  });
}

test('are those of a computation in two passes', () => {
  fc.assert(
    fc.property(
      shapes,
      fc.constantFrom(...Array.from({length: 17}, (_, i) => i + 1), 32, 33),
      fc.integer(),
      fc.constantFrom(0, 0.5, -3, 1e4),
      fc.array(fc.tuple(fc.nat(), special), {maxLength: 3}),
      ({outer, inner}, channels, seed, offset, specials) => {
        const values = someValues(outer * channels * inner, seed, offset);
        for (const [place, value] of specials) values[place % values.length] = value;
        const got = moments(values, channels, inner);
        for (let channel = 0; channel < channels; channel++)
          expectMoments(got, channel, valuesOfChannel(values, channel, channels, inner));
      },
    ),
    {numRuns: 60},
  );
});

test.each([
  [1, 1],
  [3, 1],
  [8, 1],
  [2, 66],
])('of %i channels, runs of %i, miss no value that is not finite', (channels, inner) => {
  const size = channels * inner * Math.ceil(132 / channels / inner);
  for (let place = 0; place < size; place++) {
    const values = someValues(size, place, 0);
    values[place] = [NaN, -NaN, Infinity, -Infinity][place % 4] as number;
    const {nan, infinite, count} = moments(values, channels, inner);
    const channel = Math.floor(place / inner) % channels;
    expect(place % 4 < 2 ? nan[channel] : infinite[channel]).toBe(1);
    expect(sum([...nan, ...infinite])).toBe(1);
    expect(sum([...count])).toBe(size - 1);
  }
});

test.each([0, 0.1, -7, 1e38, -3.4e38, 1e-45, 1e6])('of nothing but %d have no spread', (value) => {
  const float = Math.fround(value);
  for (const [size, channels, inner] of [
    [1, 1, 1],
    [35, 7, 1],
    [3003, 3, 1],
    [600, 3, 100],
    [300_000, 1, 1],
  ] as const) {
    const got = moments(new Float32Array(size).fill(value), channels, inner);
    for (let channel = 0; channel < channels; channel++) {
      expect(got.squares[channel]).toBe(0);
      expect(got.mean[channel]).toBe(float);
      expect([got.min[channel], got.max[channel]]).toEqual([float, float]);
    }
  }
});

test('squares of the largest and the smallest values are neither infinite nor lost', () => {
  const values = Float32Array.from({length: 4000}, (_, i) => (i % 2 ? 1 : -1));
  for (const scale of [3e38, 1e-44]) {
    const {squares, mean} = moments(values.map((value) => value * scale));
    expect(mean[0]).toBe(0);
    expect(squares[0]! / (4000 * Math.fround(scale) ** 2)).toBeCloseTo(1, 12);
  }
});

test('a hundred million values far from zero keep their variance', () => {
  // At a million float32s are sixteenths: in sixteenths, around a million, all sums are exact.
  const spread = someValues(400_000, 1, 0).map((value) => Math.round(value * 28));
  const values = spread.map((sixteenths) => 1e6 + sixteenths / 16);
  const whole = emptyMoments(1);
  for (let start = 0; start < values.length; start += 100_000) {
    const part = moments(values.subarray(start, start + 100_000));
    for (let time = 0; time < 250; time++) mergeMoments(whole, part);
  }
  const total = sum([...spread]);
  const exact = sum([...spread].map((value) => value * value)) - total ** 2 / spread.length;
  expect(whole.count[0]).toBe(1e8);
  expect(whole.mean[0]! - 1e6).toBeCloseTo(total / spread.length / 16, 8);
  expect(whole.squares[0]! / ((250 * exact) / 256)).toBeCloseTo(1, 9);
});

test('are whole beyond the longest sum, and where a part of it is not finite', () => {
  const values = someValues(300_000, 7, 3);
  expectMoments(moments(values), 0, [...values]);
  values[100_000] = NaN;
  values[299_999] = Infinity;
  expectMoments(moments(values), 0, [...values]);
});

test('of values outside the backend’s memory are the same', () => {
  const values = someValues(2001, 3, 0);
  expect(momentsOf(values.slice(), 3, 1, tf.backend()).count).toEqual([667, 667, 667]);
  expectMoments(momentsOf(values, 1, 1, tf.backend()), 0, [...values]);
});

test('want whole channels', () => {
  expect(() => moments([1, 2, 3, 4], 3)).toThrow(
    'momentsOf: values must be a whole number of [3 channels, 1], got 4. ' +
      'Take channels and inner from the shape of the tensor.',
  );
  expect(moments([], 3)).toEqual(emptyMoments(3));
});

describe('merged', () => {
  test('are those of all values, wherever they are split', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 5}),
        fc.nat(60),
        fc.nat(60),
        fc.integer(),
        (channels, before, after, seed) => {
          const values = someValues((before + after) * channels, seed, 0.25);
          const whole = moments(values.subarray(0, before * channels), channels);
          mergeMoments(whole, moments(values.subarray(before * channels), channels));
          for (let channel = 0; channel < channels; channel++)
            expectMoments(whole, channel, valuesOfChannel(values, channel, channels, 1));
        },
      ),
    );
  });

  test('with none stay as they are', () => {
    const some = () => moments([0.1, 0.7, NaN, -0.3, 1e-3, Infinity], 2);
    const left = some();
    mergeMoments(left, emptyMoments(2));
    expect(left).toEqual(some());
    const right = emptyMoments(2);
    mergeMoments(right, some());
    expect(right).toEqual(some());
  });
});
