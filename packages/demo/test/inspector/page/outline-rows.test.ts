import {
  collapsed,
  filterText,
  isFlaggedOnly,
  outlineRows,
  toggleGroup,
} from '../../../inspector/page/state/outline-rows.js';
import {mainRun} from '../../../inspector/page/state/session.js';
import type {HookSummary} from '../../../inspector/protocol/run.js';
import {hookSummary, runSummary} from './hook-summary.js';

// Preact is an ES module, which jest does not load here; state takes the signals from it, and nothing else.
jest.mock('@preact/signals', (): unknown => jest.requireActual('@preact/signals-core'));

function show(...hooks: (Partial<HookSummary> & {name: string})[]): void {
  mainRun.value = runSummary(hooks.map((hook, index) => hookSummary(index, hook)));
}
const drawn = () => outlineRows.value.map(({level, label}) => `${'  '.repeat(level - 1)}${label}`);

beforeEach(() => {
  filterText.value = '';
  isFlaggedOnly.value = false;
  collapsed.value = new Set();
});

test('hook points lie in what they are nested in, in the order of execution', () => {
  show({name: 'stem'}, {name: 'body/a/relu'}, {name: 'body/b/relu'}, {name: 'body/b/tanh'});
  expect(drawn()).toEqual(['stem', 'body', '  a / relu', '  b', '    relu', '    tanh']);
});

test('a chain of groups that hold one thing alone is one row', () => {
  show({name: 'model/only/block/relu'});
  expect(drawn()).toEqual(['model / only / block / relu']);
});

test('a layer may have the name of a group', () => {
  show({name: 'block'}, {name: 'block/a'}, {name: 'block/b'});
  expect(drawn()).toEqual(['block', 'block', '  a', '  b']);
  expect(new Set(outlineRows.value.map(({key}) => key)).size).toBe(4);
});

test('a group that is come back to is one group', () => {
  show({name: 'a/x'}, {name: 'b/x'}, {name: 'a/y'}, {name: 'b/y'});
  expect(drawn()).toEqual(['a', '  x', '  y', 'b', '  x', '  y']);
});

test('calls of one name are told apart, counted from 1', () => {
  show({name: 'cell'}, {name: 'cell', call: 1}, {name: 'cell', call: 1, slot: 1}, {name: 'out'});
  const second = 'cell · call 2, slot 2';
  expect(drawn()).toEqual(['cell · call 1', 'cell · call 2', second, 'out']);
});

test('each row knows its place among its siblings, and its group', () => {
  show({name: 'a/x'}, {name: 'a/y'}, {name: 'b'});
  const places = outlineRows.value.map(({place, siblings, parent}) => [place, siblings, parent]);
  expect(places).toEqual([
    [1, 2, null],
    [1, 2, '/a'],
    [2, 2, '/a'],
    [2, 2, null],
  ]);
});

test('a folded group hides what it holds', () => {
  show({name: 'a/x'}, {name: 'a/y'}, {name: 'b'});
  toggleGroup('/a');
  expect(drawn()).toEqual(['a', 'b']);
  toggleGroup('/a');
  expect(drawn()).toHaveLength(4);
});

test('the filter knows names and activations, in small letters or capitals', () => {
  show({name: 'Stem'}, {name: 'body/a', activation: 'gelu'}, {name: 'body/b'});
  filterText.value = ' sTEM ';
  expect(drawn()).toEqual(['Stem']);
  filterText.value = 'gelu';
  expect(drawn()).toEqual(['body / a']);
});

test('each kind of flag keeps a row', () => {
  show({name: 'a', dead: 1}, {name: 'b', saturated: 1}, {name: 'c', nonFinite: 1}, {name: 'd'});
  isFlaggedOnly.value = true;
  expect(drawn()).toEqual(['a', 'b', 'c']);
});
