import {axisOver} from '../src/image/axis.js';

test.each([
  {values: [0.2, 3.9], axis: {from: 0, to: 4, ticks: [0, 1, 2, 3, 4]}},
  {values: [24.1, 27.8], axis: {from: 24, to: 28, ticks: [24, 25, 26, 27, 28]}},
  {values: [-0.02, 0.1], axis: {from: -0.05, to: 0.1, ticks: [-0.05, 0, 0.05, 0.1]}},
  {values: [0, 150], axis: {from: 0, to: 150, ticks: [0, 50, 100, 150]}},
  {values: [5, 5], axis: {from: 5, to: 6, ticks: [5, 6]}},
  {values: [NaN], axis: {from: 0, to: 1, ticks: [0, 1]}},
])('an axis over $values is round', ({values, axis}) => {
  expect(axisOver(values)).toEqual(axis);
});

test('an axis holds what lies on it, with six ticks at most', () => {
  for (let seed = 1; seed < 200; seed++) {
    const values = [Math.sin(seed) * 10 ** (seed % 7), Math.cos(7 * seed) * 10 ** (seed % 5)];
    const {from, to, ticks} = axisOver(values);
    expect(from).toBeLessThanOrEqual(Math.min(...values));
    expect(to).toBeGreaterThanOrEqual(Math.max(...values));
    expect(ticks.length).toBeLessThanOrEqual(6);
  }
});
