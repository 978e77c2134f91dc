import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {backendOver} from '../../test/moments/backend-over.js';
import {clampValuesOn} from './clamp-values.js';

const bits = (values: Float32Array) => [...new Int32Array(values.slice().buffer)];
const ACTIVATIONS = [
  ['relu', tf.relu, Infinity],
  ['relu6', tf.relu6, 6],
] as const;

/** Finite ones, the awkward among them more often. */
const values = fc.float32Array({noNaN: true, noDefaultInfinity: true, maxLength: 40});
const awkward = fc.constantFrom(0, -0, 6, 2 ** -149, -(2 ** -149), 3.4e38, -3.4e38, 6.0000005);

describe.each(ACTIVATIONS)('%s', (_, activation, most) => {
  test.each([false, true])('is what the backend computes, memory shared: %p', (isShared) => {
    const {backend, values: memory} = backendOver(isShared);
    const clamp = clampValuesOn(backend, most)!;
    fc.assert(
      fc.property(fc.nat(5), values, fc.array(awkward, {maxLength: 9}), (start, some, others) => {
        const given = Float32Array.of(...some, ...others);
        const wanted = tf.tidy(() => activation(tf.tensor1d(given)).dataSync<'float32'>().slice());
        memory.fill(-1, 0, start + given.length + 5);
        memory.set(given, start);
        clamp(memory.subarray(start, start + given.length));
        expect(bits(memory.subarray(start, start + given.length))).toEqual(bits(wanted));
        // Not a value more.
        expect([...memory.subarray(0, start)]).toEqual(Array(start).fill(-1));
        const after = memory.subarray(start + given.length, start + given.length + 5);
        expect([...after]).toEqual([-1, -1, -1, -1, -1]);
      }),
      {numRuns: 300},
    );
  });
});

test('ends where the memory ends', () => {
  const {backend, values: memory} = backendOver(false);
  memory.fill(-1);
  clampValuesOn(backend, 6)!(memory);
  expect(memory.every((value) => Object.is(value, 0))).toBe(true);
});

test('is there on WASM alone', () => {
  expect(clampValuesOn(tf.backend(), 6) !== null).toBe(tf.getBackend() === 'wasm');
});
