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
