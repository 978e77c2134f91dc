import * as tf from '@tensorflow/tfjs-core';

import {backendOver, PAGE} from '../../test/moments/backend-over.js';
import {valuesInPlace} from '../tfjs-internals.js';
import {laneMomentsCode} from './lane-moments-code.js';
import {scanLanes} from './lane-scan.js';
import {momentsOf} from './moments-of.js';
import {rowMaxima} from './row-maxima.js';

test('of TensorFlow.js’s backends WASM alone has its values read by WASM', () => {
  const values = valuesInPlace(tf.backend(), tf.range(0, 16)) as Float32Array;
  const isRead = scanLanes(values, tf.backend(), laneMomentsCode, 128, (scan) => {
    scan.run(0, 4, 4);
    const maxima = new Float32Array(scan.buffer, scan.resultAt + 32, 4);
    expect(maxima).toEqual(Float32Array.of(12, 13, 14, 15));
  });
  expect(isRead).toBe(tf.getBackend() === 'wasm');
});

describe.each([
  ['a memory of its own', false],
  ['a memory that threads share', true],
])('over %s', (_, isShared) => {
  test('values are read where they are, though the memory grows meanwhile', () => {
    const {backend, wasm, values, taken} = backendOver(isShared);
    const malloc = jest.spyOn(wasm, '_malloc');
    const {count, max} = momentsOf(values, 4, 1, backend);
    expect(malloc).toHaveBeenCalledTimes(1);
    expect(count).toEqual(Array(4).fill(PAGE / 16));
    expect(max).toEqual(Array(4).fill(1000));
    expect(taken).toEqual([]);
  });

  test('maxima likewise', () => {
    const {backend, wasm, values, taken} = backendOver(isShared);
    const malloc = jest.spyOn(wasm, '_malloc');
    expect(rowMaxima(values, 2, 1, 1, backend)).toEqual(Float32Array.of(1000, 1000));
    expect(malloc).toHaveBeenCalledTimes(1);
    expect(taken).toEqual([]);
  });
});

test('where nothing can be set aside, plain JavaScript reads them', () => {
  const {backend, wasm, values} = backendOver(false);
  const malloc = jest.spyOn(wasm, '_malloc').mockReturnValue(0);
  expect(momentsOf(values, 1, 1, backend).max[0]).toBe(1000);
  expect(malloc).toHaveBeenCalledTimes(1);
});

test('what is set aside is freed whatever happens', () => {
  const {backend, wasm, values, taken} = backendOver(false);
  jest.spyOn(wasm, '_malloc').mockImplementation(() => {
    taken.push(-16);
    return -16;
  });
  // An address outside the memory: WASM traps.
  expect(() => momentsOf(values, 1, 1, backend)).toThrow('out of bounds');
  wasm._free(-16);
  expect(taken).toEqual([]);
});
