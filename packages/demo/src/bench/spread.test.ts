import {verdictOf} from './budgets.js';
import {ratioOfSeries} from './compare-after-captures.js';
import {mediansOfGroups, spreadOf} from './spread.js';

test('sums up samples in any order', () => {
  const samples = Array.from({length: 101}, (_, index) => (index * 37) % 101);
  const {median, p10, p90, low, high} = spreadOf(samples);
  expect([median, p10, p90]).toEqual([50, 10, 90]);
  // ±0.98/√n, as a share of the ranks.
  expect(low).toBeCloseTo(40.25, 1);
  expect(high).toBeCloseTo(59.75, 1);
});

test('gives one sample as everything', () => {
  expect(spreadOf([7])).toEqual({samples: 1, median: 7, p10: 7, p90: 7, low: 7, high: 7});
});

test('judges by the median, and says where noise could have turned it', () => {
  const spread = {samples: 9, p10: 0, p90: 2};
  expect(verdictOf({...spread, low: 0.99, median: 1, high: 1.01}, 1.02)).toBe('met');
  expect(verdictOf({...spread, low: 0.99, median: 1, high: 1.03}, 1.02)).toBe(
    'met, within the noise',
  );
  expect(verdictOf({...spread, low: 1.01, median: 1.03, high: 1.04}, 1.02)).toBe(
    'missed, within the noise',
  );
  expect(verdictOf({...spread, low: 1.03, median: 1.03, high: 1.04}, 1.02)).toBe('missed');
});

test('groups samples in the order in which they came', () => {
  expect(mediansOfGroups([1, 2, 9, 4, 5, 6], 2)).toEqual([2, 5]);
  expect(mediansOfGroups([1, 2, 3, 4, 5], 2)).toEqual([1.5, 4]);
  expect(mediansOfGroups([1, 2], 5)).toEqual([1, 2]);
});

test('compares two series group by group', () => {
  // What slows down alike in both series is no difference.
  expect(ratioOfSeries([2, 2, 4, 4, 6, 6], [1, 1, 2, 2, 3, 3], 3)).toMatchObject({
    samples: 3,
    median: 2,
    p10: 2,
    p90: 2,
  });
});
