/** Compares statistics with a reference in float64: counts and extremes exactly, means and variances closely. */
import type {statsOf} from './float64-reference.js';

type Statistics = ReturnType<typeof statsOf>;
const FIELDS = [
  'count',
  'min',
  'max',
  'mean',
  'variance',
  'nonPositiveFraction',
  'nan',
  'infinite',
];

/**
 * A sum of n differences from a value among the data is off by at most n roundings of the data's range: 1e-12 of it
 * leaves room for thousands. A mean itself is rounded at its own size once for each part that is merged, of
 * which 32 are allowed for; so are the distances between the means of parts, which go into the variance times the range.
 */
export function expectStatistics(actual: object | undefined, expected: Statistics): void {
  const {mean, variance, ...exact} = actual as Statistics;
  expect(Object.keys(actual ?? {}).sort()).toEqual([...FIELDS].sort());
  // 0 and -0 are one value.
  const plain = (one: object) =>
    Object.fromEntries(Object.entries(one).map(([field, value]) => [field, Number(value) + 0]));
  const {mean: wantedMean, variance: wantedVariance, ...wanted} = expected;
  expect(plain(exact)).toEqual(plain(wanted));
  const {min, max, count} = expected;
  if (count === 0) {
    expect([mean, variance]).toEqual([NaN, NaN]);
    return;
  }
  const rounding = 32 * 2 ** -52 * Math.max(Math.abs(min), Math.abs(max));
  const range = max - min;
  expectWithin(mean, wantedMean, 1e-12 * range + rounding);
  expectWithin(variance, wantedVariance, 1e-12 * range ** 2 + 2 * range * rounding);
}

/** Each channel by itself. */
export function expectChannelStatistics(actual: object | undefined, expected: object): void {
  const arrays = actual as Record<string, number[]>;
  const wanted = expected as Record<string, number[]>;
  const lengths = Object.values(arrays).map(({length}) => length);
  expect(lengths).toEqual(FIELDS.map(() => wanted.count!.length));
  wanted.count!.forEach((_, channel) => {
    const of = (one: Record<string, number[]>) =>
      Object.fromEntries(Object.entries(one).map(([field, values]) => [field, values[channel]]));
    expectStatistics(of(arrays), of(wanted) as unknown as Statistics);
  });
}

function expectWithin(actual: number, expected: number, tolerance: number): void {
  if (Math.abs(actual - expected) <= tolerance) return;
  throw new Error(`got ${actual}, expected ${expected} within ${tolerance}`);
}
