import {compareRuns} from '../../../inspector/engine/compare-runs.js';
import type {CapturedPoint} from '../../../inspector/engine/run-model.js';
import {capturedOf, pointOf} from './captured.js';

const run = (...points: Partial<CapturedPoint>[]) =>
  capturedOf(
    points.map(({pre = new Float32Array(1), ...point}) =>
      pointOf({shape: [1, pre.length], ...point, pre}),
    ),
  );
const values = (...numbers: number[]) => ({pre: Float32Array.from(numbers)});
const rowOf = (first: number[], second: number[], shape = [1, first.length]) => {
  const {rows} = compareRuns(
    run({...values(...first), shape}),
    run({...values(...second), shape}),
    0,
  );
  expect(rows).toHaveLength(1);
  return rows[0]!;
};

test('differences by hand', () => {
  expect(rowOf([1, -4, 2, 0, 1, 1], [1.5, -4, 0, 0, 1, 1], [1, 2, 3])).toEqual({
    hook: 0,
    name: 'layer',
    largest: 2,
    relative: 0.5,
    mean: 2.5 / 6,
    position: [0, 0, 2],
    differing: 2,
  });
  expect(rowOf([0, 0, 0, 0, 0, 8], [0, 0, 0, 0, 0, 7], [1, 2, 3])).toMatchObject({
    position: [0, 1, 2],
    relative: 1 / 8,
  });
});

test('equal runs differ nowhere, NaN and infinities included', () => {
  const all = [1, -0, NaN, Infinity, -Infinity];
  expect(rowOf(all, all)).toMatchObject({largest: 0, relative: 0, mean: 0, differing: 0});
});

test('NaN or Infinity on one side is an infinite difference, wherever else there is one', () => {
  for (const [first, second] of [
    [
      [1, NaN],
      [3, 1],
    ],
    [
      [1, 1],
      [3, NaN],
    ],
    [
      [1, Infinity],
      [3, 1],
    ],
    [
      [1, Infinity],
      [3, -Infinity],
    ],
    [
      [1, Infinity],
      [3, NaN],
    ],
  ] as const) {
    expect(rowOf([...first], [...second])).toEqual({
      hook: 0,
      name: 'layer',
      largest: Infinity,
      relative: Infinity,
      mean: 2,
      position: [0, 1],
      differing: 2,
    });
  }
});

test('bits that stand for the same number are counted, and are no difference', () => {
  expect(rowOf([0], [-0])).toMatchObject({largest: 0, relative: 0, differing: 1});
});

test('anything is infinitely far from zeros alone, in relation to them', () => {
  expect(rowOf([0, 0], [0, 1])).toMatchObject({largest: 1, relative: Infinity});
});

test('names the first hook point over the threshold, not the worst', () => {
  const first = run(
    {name: 'a', ...values(10)},
    {name: 'b', ...values(10)},
    {name: 'c', ...values(10)},
  );
  const second = run(
    {name: 'a', ...values(10.5)},
    {name: 'b', ...values(12)},
    {name: 'c', ...values(20)},
  );
  const compared = compareRuns(first, second, 0.1);
  expect(compared.rows.map(({name, relative}) => [name, relative])).toEqual([
    ['a', 0.05],
    ['b', 0.2],
    ['c', 1],
  ]);
  expect(compared.first).toBe(compared.rows[1]);
  expect(compared.threshold).toBe(0.1);
  // Over it, not at it.
  expect(compareRuns(first, second, 0.2).first?.name).toBe('c');
  expect(compareRuns(first, second, 1).first).toBeNull();
  expect(compareRuns(first, first, 0).first).toBeNull();
});

test('hook points are the same by name, pass, call and slot', () => {
  const steps = (...numbers: number[]) =>
    numbers.map((number, call) => ({name: 'rnn', call, ...values(number)}));
  const other = steps(5, 6, 7).reverse();
  const {rows, unmatched} = compareRuns(run(...steps(5, 6, 7)), run(...other), 0);
  expect(rows.map(({largest}) => largest)).toEqual([0, 0, 0]);
  expect(unmatched).toEqual([]);
});

test('what only one run has, or has in another shape, is not compared but named', () => {
  const first = run({name: 'a'}, {name: 'b', ...values(1, 2)}, {name: 'c'}, {name: 'c', call: 1});
  const second = run({name: 'a'}, {name: 'b', ...values(1, 2, 3)}, {name: 'd'});
  const {rows, unmatched} = compareRuns(first, second, 0);
  expect(rows.map(({name}) => name)).toEqual(['a']);
  expect(unmatched).toEqual(['b', 'c', 'd']);
});

test('parts of larger arrays are compared as they are', () => {
  const part = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
  const {rows} = compareRuns(run({pre: part}), run(values(1, 2)), 0);
  expect(rows[0]).toMatchObject({largest: 0, differing: 0});
});

test.each([NaN, -1])('a threshold of %p is refused', (threshold) => {
  expect(() => compareRuns(run({}), run({}), threshold)).toThrow('must be 0 or more');
});
