import fc from 'fast-check';

import {CaptureArgumentError} from '@tfjs-capture/hooks';
import type {HookPoint, LayerFilter} from '@tfjs-capture/hooks';
import {all, any, not} from '../../src/combine-filters.js';
import {errorOf} from '../error-of.js';

const NAMES = ['a', 'b', 'a/b', 'a/c', 'b/a', 'a/b/c'];
const POINTS = NAMES.flatMap((name) =>
  ['relu', 'tanh'].map((activation): HookPoint => ({
    name,
    path: name.split('/'),
    activation,
    kernel: null,
    pass: 0,
    call: 0,
    slot: 0,
  })),
);

/** A filter, and what it selects. */
interface Known {
  readonly filter: LayerFilter;
  readonly selects: (point: HookPoint) => boolean;
}

const plain = fc.constantFrom<Known>(
  {filter: 'a', selects: ({name}) => name === 'a'},
  {filter: 'a/**', selects: ({name}) => name.startsWith('a/')},
  {filter: /b$/g, selects: ({name}) => name.endsWith('b')},
  {
    filter: ({activation}) => activation === 'relu',
    selects: ({activation}) => activation === 'relu',
  },
  {filter: ['b', /c/], selects: ({name}) => name === 'b' || name.includes('c')},
  {filter: [], selects: () => false},
);

const filtersOf = (parts: readonly Known[]): LayerFilter[] => parts.map(({filter}) => filter);
const allOf = (parts: readonly Known[]): Known => ({
  filter: all(...filtersOf(parts)),
  selects: (point) => parts.every(({selects}) => selects(point)),
});
const anyOf = (parts: readonly Known[]): Known => ({
  filter: any(...filtersOf(parts)),
  selects: (point) => parts.some(({selects}) => selects(point)),
});
const arrayOf = (parts: readonly Known[]): Known => ({
  filter: filtersOf(parts),
  selects: (point) => parts.some(({selects}) => selects(point)),
});
const notOf = ({filter, selects}: Known): Known => ({
  filter: not(filter),
  selects: (point) => !selects(point),
});

const {tree} = fc.letrec<{tree: Known}>((tie) => {
  const parts = fc.array(tie('tree'), {maxLength: 3});
  return {
    tree: fc.oneof(
      {maxDepth: 3},
      plain,
      parts.map(allOf),
      parts.map(anyOf),
      parts.map(arrayOf),
      tie('tree').map(notOf),
    ),
  };
});

test('filters of filters select what logic says', () => {
  fc.assert(
    fc.property(tree, ({filter, selects}) => {
      // Twice, since a RegExp with `g` would go on from where it was.
      for (let time = 0; time < 2; time++) {
        expect(POINTS.filter(all(filter))).toEqual(POINTS.filter(selects));
      }
    }),
  );
});

test('all of none is everything, any of none is nothing', () => {
  expect(POINTS.filter(all())).toEqual(POINTS);
  expect(POINTS.filter(any())).toEqual([]);
});

test.each([
  ['all', () => all('a', 3 as unknown as string)],
  ['any', () => any(['a', null as unknown as string])],
  ['not', () => not({} as unknown as string)],
  ['not', () => not(undefined as unknown as string)],
])('a filter of another kind is refused by %s at once', (name, combine) => {
  const error = errorOf(combine);
  expect(error).toBeInstanceOf(CaptureArgumentError);
  expect(error.message).toMatch(new RegExp(`^${name}: layers must be .+, got .+\\. .+`));
});
