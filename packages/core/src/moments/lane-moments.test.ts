import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {valuesInPlace} from '../tfjs-internals.js';
import type {ChannelMoments} from './channel-moments.js';
import {momentsOf} from './moments-of.js';

const moments = (values: Float32Array, channels = 1, inner = 1): ChannelMoments => {
  const tensor = tf.tensor1d(values);
  try {
    const inPlace = valuesInPlace(tf.backend(), tensor) as Float32Array;
    return momentsOf(inPlace, channels, inner, tf.backend());
  } finally {
    tensor.dispose();
  }
};

/** In integers: a float32 is a whole number of 2 ** -149. */
function exactMoments(values: readonly number[]) {
  const count = values.length;
  let sum = 0n;
  let squares = 0n;
  for (const value of values) {
    const whole = BigInt(value * 2 ** 149);
    sum += whole;
    squares += whole * whole;
  }
  return {
    mean: Number(sum) / count / 2 ** 149,
    squares: Number(squares * BigInt(count) - sum * sum) / count / 2 ** 298,
  };
}

/**
 * As near as moments-of.test.ts wants them, of whatever mean, but for what is lost where parts are merged: their
 * means are float64s, and the squares of how far they are apart no nearer than these.
 */
function expectExact(got: ChannelMoments, channel: number, values: readonly number[]): void {
  const {mean, squares} = exactMoments(values);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  expect(got.count[channel]).toBe(values.length);
  expect(Math.abs(got.mean[channel]! - mean)).toBeLessThanOrEqual(1e-12 * largest);
  const lost = 1e-12 * apart + 2 ** -52 * largest;
  expect(Math.abs(got.squares[channel]! - squares)).toBeLessThanOrEqual(
    values.length * apart * lost,
  );
  expect(got.nonPositive[channel]).toBe(values.filter((value) => value <= 0).length);
}

const ofChannel = (values: Float32Array, channel: number, channels: number, inner: number) =>
  [...values].filter((_, i) => Math.floor(i / inner) % channels === channel);

/** Uniform, with a standard deviation of 1. */
function spread(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.sqrt(3) * (state / 2 ** 31 - 1);
  };
}

const layouts = fc.oneof(
  fc.record({outer: fc.integer({min: 2, max: 1200}), inner: fc.constant(1)}),
  fc.record({outer: fc.integer({min: 1, max: 2}), inner: fc.integer({min: 32, max: 300})}),
);
/** How many standard deviations a mean is from 0: around 22, where values begin to be read again, and anywhere. */
const distances = fc.oneof(
  fc.double({min: 18, max: 27, noNaN: true}),
  fc.constantFrom(0, 1, -3, 31, 100, -1e3, 1e4, 1e6, 1e8),
);
/** Down to float32s that are not normal, up to the largest. */
const scales = fc.constantFrom(1, 0.1, 2 ** -149, 2 ** -140, 2 ** -120, 2 ** 90, 2 ** 100);

test('channels of any mean, beside others of any, are as near as ever', () => {
  fc.assert(
    fc.property(
      layouts,
      fc.array(fc.tuple(distances, scales), {minLength: 1, maxLength: 9}),
      fc.integer(),
      ({outer, inner}, channels, seed) => {
        const next = spread(seed);
        const values = Float32Array.from({length: outer * channels.length * inner}, (_, i) => {
          const [distance, scale] = channels[Math.floor(i / inner) % channels.length]!;
          return (distance + next()) * scale;
        });
        const got = moments(values, channels.length, inner);
        channels.forEach((_, channel) => {
          expectExact(got, channel, ofChannel(values, channel, channels.length, inner));
        });
      },
    ),
    {numRuns: 150},
  );
});

test('one channel of sixteen is a million standard deviations from zero', () => {
  const next = spread(1);
  for (let far = 0; far < 16; far++) {
    const values = Float32Array.from({length: 16 * 500}, (_, i) =>
      i % 16 === far ? 1e6 + next() : next(),
    );
    const got = moments(values, 16);
    for (let channel = 0; channel < 16; channel++)
      expectExact(got, channel, ofChannel(values, channel, 16, 1));
  }
});

test.each([
  [6, 1],
  [4, 1],
  [6, 70],
])('of %i channels, in runs of %i, those of one value alone have no spread', (channels, inner) => {
  const next = spread(2);
  const constants = [0.1, 0, -7, 16777215, 1e-45, -3.4e38].map(Math.fround);
  // Constant channels and others by turns, so that each group of lanes has both.
  const values = Float32Array.from({length: channels * inner * Math.ceil(6000 / inner)}, (_, i) => {
    const channel = Math.floor(i / inner) % channels;
    return channel % 2 ? next() : constants[channel]!;
  });
  const got = moments(values, channels, inner);
  for (let channel = 0; channel < channels; channel++) {
    if (channel % 2) expect(got.squares[channel]! / got.count[channel]!).toBeCloseTo(1, 1);
    else {
      expect(got.squares[channel]).toBe(0);
      expect(got.mean[channel]).toBe(constants[channel]);
    }
  }
});

test('of two values side by side in single precision, each is there', () => {
  for (const value of [1, 1e6, 2 ** 127, 2 ** -149]) {
    const values = new Float32Array(40_000).fill(value);
    values[31_007] = value * (1 + 2 ** -23);
    expectExact(moments(values), 0, [...values]);
    expectExact(moments(values, 4), 3, ofChannel(values, 3, 4, 1));
  }
});

test('where a value of one channel is NaN, one far from zero is as near as ever', () => {
  const next = spread(3);
  const values = Float32Array.from(
    {length: 60_000},
    (_, i) => (i % 3 ? 1e5 * (i % 3) : 0) + next(),
  );
  values[30_000] = NaN;
  const got = moments(values, 3);
  expect([...got.nan]).toEqual([1, 0, 0]);
  for (let channel = 0; channel < 3; channel++)
    expectExact(got, channel, ofChannel(values, channel, 3, 1).filter(Number.isFinite));
});

test('no row is left out, and none is read twice', () => {
  for (const rows of [63, 64, 65, 127, 129, 4095, 4096, 4097, 4161, 8193, 12_289]) {
    for (const [channels, inner] of [
      [4, 1],
      [1, 1],
      [160, 1],
      [2, rows],
    ] as const) {
      const size = channels * (inner === 1 ? rows : inner);
      // Whole numbers, whose sums are exact, of which each is once.
      const values = Float32Array.from({length: size}, (_, i) => i - 1000);
      const got = moments(values, channels, inner);
      for (let channel = 0; channel < channels; channel++) {
        const [step, first] = inner === 1 ? [channels, channel] : [1, channel * inner];
        const [count, min] = [size / channels, first - 1000];
        expect({
          count: got.count[channel],
          min: got.min[channel],
          max: got.max[channel],
          nonPositive: got.nonPositive[channel],
        }).toEqual({
          count,
          min,
          max: min + step * (count - 1),
          nonPositive: Math.min(count, Math.max(0, Math.floor(-min / step) + 1)),
        });
        const squares = (step ** 2 * count * (count ** 2 - 1)) / 12;
        expect(got.squares[channel]! / squares).toBeCloseTo(1, 12);
      }
    }
  }
});
