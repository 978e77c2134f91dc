import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {backendOver} from '../../test/moments/backend-over.js';
import {valuesInPlace} from '../tfjs-internals.js';
import {valueRange} from './value-range.js';

const rangeOneByOne = (values: Float32Array) => {
  const finite = [...values].filter(Number.isFinite);
  return [Math.min(...finite), Math.max(...finite)];
};

test('is that of the finite values, of any number and wherever they begin', () => {
  const {backend, values: all} = backendOver(false);
  fc.assert(
    fc.property(
      fc.nat(5),
      fc.oneof(fc.nat(20), fc.integer({min: 190, max: 400})),
      fc.integer({min: 1}),
      fc.array(
        fc.tuple(fc.nat(), fc.constantFrom(NaN, Infinity, -Infinity, 3e38, -3e38, 2 ** -149)),
        {maxLength: 4},
      ),
      (start, length, seed, specials) => {
        const values = all.subarray(start, start + length);
        values.forEach((_, i) => (values[i] = Math.sin(seed * (i + 1))));
        for (const [place, value] of specials) values[place % length] = value;
        expect(valueRange(values, backend)).toEqual(rangeOneByOne(values));
      },
    ),
    {numRuns: 500},
  );
});

test.each([
  ['NaN', [NaN]],
  ['infinite ones', [Infinity, -Infinity]],
  ['both', [NaN, Infinity]],
])('of nothing but %s there is none', (_, some) => {
  const {backend, values} = backendOver(false);
  values.forEach((_, i) => (values[i] = some[i % some.length]!));
  expect(valueRange(values, backend)).toEqual([Infinity, -Infinity]);
});

test('is found in a memory that threads share, and sets nothing aside', () => {
  const {backend, wasm, values} = backendOver(true);
  const malloc = jest.spyOn(wasm, '_malloc');
  values[7] = -5;
  values[values.length - 1] = NaN;
  expect(valueRange(values, backend)).toEqual([-5, 1000]);
  expect(malloc).not.toHaveBeenCalled();
});

test('is found on each backend', () => {
  const values = valuesInPlace(tf.backend(), tf.range(-500, 501)) as Float32Array;
  expect(valueRange(values, tf.backend())).toEqual([-500, 500]);
});
