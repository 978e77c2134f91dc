/** Compares what pages computed. */
import type {Values} from '../pages/values.js';

/** Bit for bit, but for NaN's. */
export function expectSame(actual: Values, expected: Values): void {
  expect(actual.shape).toEqual(expected.shape);
  const place = actual.values.findIndex((value, i) => !Object.is(value, expected.values[i]));
  if (place < 0) return;
  const at = (values: Values) => values.values[place];
  throw new Error(`Values differ first at ${place}: ${at(actual)}, expected ${at(expected)}.`);
}

/** To five digits behind the point. */
export function expectClose(actual: Values, expected: Values): void {
  expect(actual.shape).toEqual(expected.shape);
  for (const [i, value] of actual.values.entries())
    expect(value).toBeCloseTo(expected.values[i]!, 5);
}

type Statistics = Readonly<Record<string, number | readonly number[]>>;

/**
 * Statistics by field. A GPU computes in single precision: means to a millionth of the standard deviation,
 * variances to a millionth of themselves. All else is equal.
 */
export function expectNear(actual: object, expected: object): void {
  const [found, wanted] = [actual as Statistics, expected as Statistics];
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
  const variances = [wanted.variance!].flat();
  for (const [field, value] of Object.entries(found)) {
    if (field !== 'mean' && field !== 'variance') {
      expect({field, value}).toEqual({field, value: wanted[field]});
      continue;
    }
    [value].flat().forEach((one, i) => {
      const scale = field === 'mean' ? Math.sqrt(variances[i]!) : variances[i]!;
      expect(Math.abs(one - [wanted[field]!].flat()[i]!) / scale).toBeLessThan(1e-6);
    });
  }
}
