import fc from 'fast-check';

import {addMaxima, emptyTopInputs, mergeTopInputs, topInputsOf} from './top-inputs.js';
import type {TopInput, TopInputs} from './top-inputs.js';

/** The same as lists of everything, sorted each time. */
interface Lists {
  rows: number;
  readonly channels: Map<number, number>[];
}

function addToLists(lists: Lists, maxima: readonly number[], rows: number, channels: number): void {
  maxima.forEach((value, i) => {
    const ofChannel = (lists.channels[i % channels] ??= new Map<number, number>());
    if (value > -Infinity) ofChannel.set(lists.rows + Math.floor(i / channels), Math.fround(value));
  });
  lists.rows += rows;
}

function sorted(ofChannel: Map<number, number>, k: number): TopInput[] {
  return [...ofChannel]
    .map(([index, value]) => ({index, value}))
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, k);
}

/** Merges what k leaves of each: of inputs that are gone nothing is known any more. */
function mergeLists(lists: Lists, other: Lists, k: number, sameInputs: boolean): void {
  const from = sameInputs ? 0 : lists.rows;
  other.channels.forEach((theirs, channel) => {
    const ours = sorted((lists.channels[channel] ??= new Map<number, number>()), k);
    const both = new Map(ours.map(({index, value}) => [index, value]));
    // One by one, as what falls out is not known when the next one comes.
    for (const {index, value} of sorted(theirs, k)) {
      if (value > (both.get(from + index) ?? -Infinity)) both.set(from + index, value);
      const first = sorted(both, k);
      both.clear();
      for (const one of first) both.set(one.index, one.value);
    }
    lists.channels[channel] = both;
  });
  lists.rows = sameInputs ? Math.max(lists.rows, other.rows) : lists.rows + other.rows;
}

/** Passes, each with its number of channels; few values, so that many are equal. */
const passes = fc.array(
  fc.tuple(fc.nat(4), fc.integer({min: 1, max: 3})).chain(([rows, channels]) =>
    fc.record({
      rows: fc.constant(rows),
      channels: fc.constant(channels),
      maxima: fc.array(fc.constantFrom(0, -0, 1, 2, -1, 0.1, Infinity, -Infinity, 2 ** -149), {
        minLength: rows * channels,
        maxLength: rows * channels,
      }),
    }),
  ),
  {maxLength: 5},
);

/** Of several runs what is kept, and what it should be. */
function reduce(k: number, run: readonly {rows: number; channels: number; maxima: number[]}[]) {
  const state = emptyTopInputs(k);
  const lists: Lists = {rows: 0, channels: []};
  for (const {rows, channels, maxima} of run) {
    addMaxima(state, Float32Array.from(maxima), rows, channels);
    addToLists(lists, maxima, rows, channels);
  }
  return {state, lists};
}

const expectSame = (state: TopInputs, {rows, channels}: Lists, k: number): void => {
  expect(topInputsOf(state)).toEqual(channels.map((ofChannel) => sorted(ofChannel, k)));
  expect(state.rows).toBe(rows);
};

test('are the first k of all, whatever is added and merged in which order', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 3, 5, 100),
      fc.array(fc.tuple(passes, fc.boolean()), {minLength: 1, maxLength: 4}),
      passes,
      (k, runs, later) => {
        const [first, ...others] = runs.map(([run, sameInputs]) => ({
          ...reduce(k, run),
          sameInputs,
        }));
        const {state, lists} = first!;
        expectSame(state, lists, k);
        for (const other of others) {
          const before = topInputsOf(other.state);
          mergeTopInputs(state, other.state, other.sameInputs);
          mergeLists(lists, other.lists, k, other.sameInputs);
          expect(topInputsOf(other.state)).toEqual(before);
        }
        expectSame(state, lists, k);
        for (const {rows, channels, maxima} of later) {
          addMaxima(state, Float32Array.from(maxima), rows, channels);
          addToLists(lists, maxima, rows, channels);
        }
        expectSame(state, lists, k);
      },
    ),
    {numRuns: 500},
  );
});

test('NaN is none, and inputs without a value count', () => {
  const state = emptyTopInputs(2);
  addMaxima(state, Float32Array.of(NaN, 1), 2, 1);
  addMaxima(state, new Float32Array(0), 3, 0);
  addMaxima(state, Float32Array.of(2), 1, 1);
  expect(topInputsOf(state)).toEqual([
    [
      {index: 5, value: 2},
      {index: 1, value: 1},
    ],
  ]);
});

test('a k of more than there are inputs takes no more room', () => {
  const state = emptyTopInputs(Number.MAX_SAFE_INTEGER);
  for (let row = 0; row < 100; row++) addMaxima(state, Float32Array.of(row), 1, 1);
  expect(state.kept.room).toBeLessThan(200);
  expect(topInputsOf(state)[0]).toHaveLength(100);
});

test('lists are the caller’s', () => {
  const state = emptyTopInputs(1);
  addMaxima(state, Float32Array.of(1), 1, 1);
  topInputsOf(state)[0]!.pop();
  expect(topInputsOf(state)[0]).toHaveLength(1);
});
