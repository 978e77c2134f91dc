import {activationTable} from '../src/report/activation-table.js';
import {statisticsOf} from '../src/report/statistics.js';

test('counts, and takes the mean of, finite values', () => {
  expect(statisticsOf([-1, 0, 0, 2, 4])).toEqual({
    count: 5,
    min: -1,
    mean: 1,
    max: 4,
    nonPositive: 0.6,
    zero: 0.4,
    nonFinite: 0,
  });
});

test('counts values that are not finite, and leaves them out of the rest', () => {
  expect(statisticsOf([NaN, -Infinity, Infinity, 3])).toEqual({
    count: 4,
    min: 3,
    mean: 3,
    max: 3,
    nonPositive: 0.25,
    zero: 0,
    nonFinite: 3,
  });
});

test('has no minimum where nothing is finite', () => {
  expect(statisticsOf([NaN])).toMatchObject({min: NaN, mean: NaN, max: NaN});
});

test('the table shows both sides of an activation', () => {
  const table = activationTable([
    {
      layer: 'block1_conv1',
      activation: 'relu',
      shape: [1, 2, 2, 1],
      before: statisticsOf([-2000, 1, 0.123456, -4]),
      after: statisticsOf([0, 1, 0.123456, 0]),
      bytes: 32000,
    },
  ]);
  for (const text of [
    'block1_conv1',
    '1 × 2 × 2 × 1',
    '-2000',
    '-500.7',
    '0.2809',
    '50.0 %',
    '32,000',
  ]) {
    expect(table).toContain(text);
  }
});
