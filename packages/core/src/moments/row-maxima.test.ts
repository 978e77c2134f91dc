import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {valuesInPlace} from '../tfjs-internals.js';
import {rowMaxima} from './row-maxima.js';

const maxima = (values: Float32Array, rows: number, channels: number, inner: number) => {
  const tensor = tf.tensor1d(values);
  try {
    const inPlace = valuesInPlace(tf.backend(), tensor) as Float32Array;
    return rowMaxima(inPlace, rows, channels, inner, tf.backend());
  } finally {
    tensor.dispose();
  }
};

test('are those of each value in its turn, without NaN', () => {
  const special = fc.constantFrom(NaN, Infinity, -Infinity, 0, 1e38, -3e38);
  fc.assert(
    fc.property(
      fc.nat(4),
      fc.oneof(
        fc.record({outer: fc.nat(200), inner: fc.constant(1)}),
        fc.record({outer: fc.nat(2), inner: fc.integer({min: 1, max: 300})}),
      ),
      fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 17, 32, 33),
      fc.integer({min: 1}),
      fc.array(fc.tuple(fc.nat(), special), {maxLength: 4}),
      (rows, {outer, inner}, channels, seed, specials) => {
        const values = Float32Array.from({length: rows * outer * channels * inner}, (_, i) =>
          Math.sin(seed * (i + 1)),
        );
        for (const [place, value] of specials) values[place % values.length] = value;
        const expected = new Float32Array(rows * channels).fill(-Infinity);
        values.forEach((value, i) => {
          const row = Math.floor(i / (outer * channels * inner));
          const place = row * channels + (Math.floor(i / inner) % channels);
          if (value > expected[place]!) expected[place] = value;
        });
        expect(maxima(values, rows, channels, inner)).toEqual(expected);
      },
    ),
    {numRuns: 200},
  );
});

test.each([1, 3, 4])('of nothing but NaN in %i channels are -Infinity', (channels) => {
  const none = new Float32Array(channels).fill(-Infinity);
  expect(maxima(new Float32Array(300 * channels).fill(NaN), 1, channels, 1)).toEqual(none);
});

test('want whole rows', () => {
  expect(() => maxima(new Float32Array(10), 2, 3, 1)).toThrow(
    'rowMaxima: values must be 2 times a whole number of [3 channels, 1], got 10.',
  );
});
