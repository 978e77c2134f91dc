import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {backendOver, PAGE} from '../../test/moments/backend-over.js';
import {valuesInPlace} from '../tfjs-internals.js';
import {binFinder} from './bin-finder.js';
import {countInBins} from './count-in-bins.js';
import {addPlainCounts} from './plain-counts.js';
import {scanBins} from './scan-bins.js';
import {neighbour} from './single-precision.js';

/** Ranges as people give them, and as they follow values: those are found without a look at the edges. */
const RANGES: readonly (readonly [bins: number, low: number, high: number])[] = [
  [64, -8, 8],
  [64, -6, 6],
  [50, -6, 6],
  [49, -1, 5],
  [49, 0, 1],
  [1, 0, 1],
  [1, -0.5, 0.5],
  [1, -3, 5],
  [2, -1, 1],
  [3, -1, 1],
  [7, -0.1, 0.6],
  [10, 0, 1],
  [100, 0, 1],
  [100, -1, 0],
  [1000, -8, 8],
  [1001, -8, 8],
  [255, 0, 255],
  [256, 0, 6],
  [13, 1000, 1001],
  [13, -1001, -1000],
  [39, -78, -2.6],
  [40, -1, 10],
  [240, -0.776, 5.134],
  [64, -1e30, 1e30],
  [64, -1e-30, 2e-30],
  [64, -(2 ** -140), 2 ** -140],
];

const NAN_BITS = [0x7f800001, 0x7fc00000, 0x7fffffff, -1, -0x7fffff];
const special = fc.constantFrom(
  ...[Infinity, -Infinity, 0, -0, 2 ** -149, -(2 ** -149), 2 ** -127, 2 ** -126, 3.4e38, -3.4e38],
);

/** A value on an edge in single precision, or up to two numbers beside it. */
const besideEdge = (bins: number, low: number, width: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.integer({min: -1, max: bins + 1}), fc.integer({min: -2, max: 2}))
    .map(([i, steps]) => {
      let value = Math.fround(low + i * width);
      for (let step = 0; step < Math.abs(steps); step++)
        value = neighbour(value, steps > 0 ? 1 : -1);
      return value;
    });

const placesOf = (range: (typeof RANGES)[number]) => {
  const [bins, low, high] = range;
  return {bins, low, width: (high - low) / bins, high};
};

const anyRange = fc
  .record({
    bins: fc.integer({min: 1, max: 80}),
    low: fc.oneof(fc.double({min: -1e3, max: 1e3, noNaN: true}), fc.integer({min: -9, max: 9})),
    width: fc.oneof(
      fc.double({min: 1e-4, max: 10, noNaN: true}),
      fc.constantFrom(0.1, 1 / 3, 1, 0.25, 1e-30, 1e30, 2 ** -20),
    ),
  })
  .map(({bins, low, width}) => ({bins, low, width, high: low + bins * width}));

/** Bins about as wide as numbers of single precision are apart. */
const narrowRange = fc
  .record({
    bins: fc.integer({min: 1, max: 5}),
    low: fc.double({min: 1, max: 1e3, noNaN: true}),
    sign: fc.constantFrom(1, -1),
    width: fc.double({min: 0.01, max: 4, noNaN: true}),
  })
  .map(({bins, low, sign, width}) => ({bins, low: sign * low, width: width * low * 2 ** -23}))
  .map(({bins, low, width}) => ({bins, low, width, high: low + bins * width}));

describe.each([
  ['a memory of its own', false],
  ['a memory that threads share', true],
])('over %s', (_, isShared) => {
  test('counts are those of plain JavaScript', () => {
    const {backend, wasm, values: all} = backendOver(isShared);
    const room = wasm._malloc(PAGE);
    jest.spyOn(wasm, '_free').mockReturnValue();
    const malloc = jest.spyOn(wasm, '_malloc');
    const {buffer} = wasm.wasmMemory;
    let scans = 0;
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...RANGES).map(placesOf), anyRange, narrowRange).chain((place) =>
          fc.record({
            place: fc.constant(place),
            some: fc.array(
              fc.oneof(
                {weight: 4, arbitrary: besideEdge(place.bins, place.low, place.width)},
                {weight: 2, arbitrary: fc.double({min: place.low, max: place.high, noNaN: true})},
                {weight: 1, arbitrary: fc.float()},
                {weight: 1, arbitrary: special},
              ),
              {maxLength: 70, size: 'max'},
            ),
            nans: fc.array(fc.tuple(fc.nat(69), fc.constantFrom(...NAN_BITS)), {maxLength: 3}),
            start: fc.nat(5),
            offset: fc.constantFrom(0, 4, 8, 12),
          }),
        ),
        ({place: {bins, low, width, high}, some, nans, start, offset}) => {
          if (!(high > low)) return;
          const at = all.byteOffset + 4 * start;
          const values = new Float32Array(buffer, at, some.length);
          values.set(some);
          for (const [i, bits] of nans)
            if (i < some.length) new Int32Array(buffer, at, some.length)[i] = bits;
          malloc.mockReturnValue(room + offset);
          // What is set aside is not cleared.
          new Int32Array(wasm.wasmMemory.buffer, room).fill(12345);
          const before = Float64Array.from({length: bins}, (_, i) => i);
          const [expected, counts] = [before.slice(), before.slice()];
          const outside = addPlainCounts(values, expected, low, width, high);
          const scanned = scanBins(values, counts, low, width, high, backend);
          if (scanned === null) {
            expect(counts).toEqual(before);
            return;
          }
          scans++;
          expect({...scanned, counts}).toEqual({...outside, counts: expected});
        },
      ),
      {numRuns: 2000},
    );
    // Three values or less, and ranges too fine for single precision, are left to plain JavaScript.
    expect(scans).toBeGreaterThan(1000);
  });

  test('values are read where they are, though the memory grows meanwhile', () => {
    const {backend, wasm, values, taken} = backendOver(isShared);
    values.subarray(0, 5).set([-1, 2000, NaN, Infinity, -Infinity]);
    values.subarray(values.length - 3).set([-1, 2000, NaN]);
    const copy = values.slice();
    const malloc = jest.spyOn(wasm, '_malloc');
    const counts = new Float64Array(10);
    const outside = countInBins(
      values.subarray(0, values.length - 1),
      counts,
      0,
      100,
      1000,
      backend,
    );
    expect(malloc).toHaveBeenCalledTimes(1);
    expect(taken).toEqual([]);
    const expected = new Float64Array(10);
    expect(outside).toEqual(countInBins(copy.subarray(0, copy.length - 1), expected, 0, 100, 1000));
    expect(outside).toEqual({below: 2, above: 2, nan: 1, infinite: 2});
    expect(counts).toEqual(expected);
  });
});

test.each(RANGES)('%i bins from %d to %d are found quickly', (bins, low, high) => {
  expect(binFinder(bins, low, (high - low) / bins, high)).not.toBeNull();
});

test('edges are compared where a multiplication alone does not tell', () => {
  expect(binFinder(64, -8, 0.25, 8)).toMatchObject({width: 0});
  expect(binFinder(40, -1, 0.275, 10)).toMatchObject({width: 0.275});
});

test('where bins are narrower than single precision tells apart, none are found', () => {
  expect(binFinder(2, 1, 2 ** -30, 1 + 2 ** -29)).toBeNull();
  expect(binFinder(1, 1 + 2 ** -30, 2 ** -30, 1 + 2 ** -29)).toBeNull();
});

test('of TensorFlow.js’s backends WASM alone has its values counted by WASM', () => {
  const values = valuesInPlace(tf.backend(), tf.range(0, 16)) as Float32Array;
  const counts = new Float64Array(4);
  const outside = scanBins(values, counts, 0, 3, 12, tf.backend());
  expect(outside !== null).toBe(tf.getBackend() === 'wasm');
  expect(countInBins(values, new Float64Array(4), 0, 3, 12, tf.backend()).above).toBe(3);
});

test('few values, or few for each bin, are read by plain JavaScript', () => {
  const {backend, wasm, values} = backendOver(false);
  const malloc = jest.spyOn(wasm, '_malloc');
  countInBins(values.subarray(0, 64), new Float64Array(8), 0, 100, 800, backend);
  countInBins(values, new Float64Array(values.length), 0, 100, 1e7, backend);
  expect(malloc).not.toHaveBeenCalled();
});

test('where nothing can be set aside, plain JavaScript reads them', () => {
  const {backend, wasm, values} = backendOver(false);
  const malloc = jest.spyOn(wasm, '_malloc').mockReturnValue(0);
  const counts = new Float64Array(1);
  countInBins(values, counts, 0, 2000, 2000, backend);
  expect(counts[0]).toBe(values.length);
  expect(malloc).toHaveBeenCalledTimes(1);
});

test('what is set aside is freed whatever happens', () => {
  const {backend, wasm, values, taken} = backendOver(false);
  jest.spyOn(wasm, '_malloc').mockImplementation(() => {
    taken.push(-16);
    return -16;
  });
  // An address outside the memory.
  expect(() => countInBins(values, new Float64Array(1), 0, 2000, 2000, backend)).toThrow(
    RangeError,
  );
  expect(taken).toEqual([]);
});
