import fc from 'fast-check';

import {countInBins} from './count-in-bins.js';

/** Between which edges each value is, by looking at all of them. */
function countOneByOne(values: Float32Array, bins: number, low: number, width: number) {
  const edges = Array.from({length: bins + 1}, (_, i) => low + i * width);
  const counts = new Float64Array(bins);
  let [below, above, nan, infinite] = [0, 0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else if (value < low) below++;
    else if (value > edges[bins]!) above++;
    else {
      const bin = Math.min(bins, edges.filter((edge) => edge <= value).length) - 1;
      counts[bin] = counts[bin]! + 1;
    }
  }
  return {counts, below, above, nan, infinite};
}

test('each value is counted between the edges where it is', () => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 40}),
      fc.oneof(fc.constantFrom(0, -1, 0.1, 1e6), fc.double({min: -1e3, max: 1e3, noNaN: true})),
      fc.oneof(fc.constantFrom(0.1, 1 / 3, 1, 1e-3), fc.double({min: 1e-2, max: 10, noNaN: true})),
      fc.array(fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0)), {
        maxLength: 20,
      }),
      (bins, low, width, others) => {
        const edges = Array.from({length: bins + 3}, (_, i) => low + (i - 1) * width);
        const values = Float32Array.from([...edges, ...edges.map((e) => e + width / 2), ...others]);
        const {counts, ...outside} = countOneByOne(values, bins, low, width);
        const got = new Float64Array(bins);
        expect(countInBins(values, got, low, width)).toEqual(outside);
        expect(got).toEqual(counts);
      },
    ),
    {numRuns: 300},
  );
});

test('the last bin ends where it is said to', () => {
  const counts = new Float64Array(49);
  expect(0 + 49 * (1 / 49)).toBeLessThan(1);
  const outside = countInBins(Float32Array.of(1, 2), counts, 0, 1 / 49, 1);
  expect(outside).toEqual({below: 0, above: 1, nan: 0, infinite: 0});
  expect(counts[48]).toBe(1);
});

test('counts are added to those that are there', () => {
  const counts = Float64Array.of(5, 6);
  countInBins(Float32Array.of(0, 1, 2), counts, 0, 1);
  expect(counts).toEqual(Float64Array.of(6, 8));
});

test.each([
  [0, 0],
  [0, -1],
  [0, NaN],
  [-Infinity, 1],
  [0, Infinity],
  [1e20, 1],
])('from %d by %d there are no bins', (low, width) => {
  expect(() => countInBins(Float32Array.of(1), new Float64Array(3), low, width)).toThrow(
    /^countInBins: low and width must be finite, and the last edge above the first, got/,
  );
});
