import {CaptureArgumentError} from './errors.js';
import type {HookPoint, LayerFilter} from './hook-point.js';
import {compileFilter} from './selection.js';

const point = (name: string, activation = 'relu'): HookPoint => ({
  name,
  path: name.split('/'),
  activation,
  kernel: 'Relu',
  pass: 0,
  call: 0,
  slot: 0,
});

const selects = (filter: LayerFilter | undefined, name: string): boolean => {
  const {byName, byPoint} = compileFilter(filter, 'test');
  const answer = byName(name);
  // What the name alone decides, the whole point must decide likewise.
  if (answer !== undefined) expect(byPoint(point(name))).toBe(answer);
  return byPoint(point(name));
};

test.each<[LayerFilter | undefined, string[], string[]]>([
  [undefined, ['', 'a', 'a/b'], []],
  ['conv', ['conv'], ['conv1', 'a/conv', 'xconv']],
  [
    'block*_conv*',
    ['block1_conv2', 'block_conv'],
    ['block1_pool', 'a/block1_conv2', 'block1/x_conv'],
  ],
  ['*', ['a', ''], ['a/b']],
  ['**', ['a', 'a/b', ''], []],
  ['**/conv', ['conv', 'a/conv', 'a/b/conv'], ['a/conv1', 'aconv']],
  ['encoder/**', ['encoder/a', 'encoder/a/b'], ['encoder', 'decoder/a']],
  ['conv?', ['conv1'], ['conv', 'conv12']],
  ['{conv,dense}_{1,2}', ['conv_1', 'dense_2'], ['conv_3', 'pool_1']],
  ['a.b(c)+[d]$', ['a.b(c)+[d]$'], ['aXb(c)+[d]$', 'a.b(c)+d$']],
  [/conv\d$/, ['conv1', 'a/conv2'], ['conv', 'conv1a']],
  [/conv/g, ['conv', 'conv', 'conv'], ['dense']],
  [[], [], ['', 'a']],
  [['a', /^b/, [(at) => at.name === 'c']], ['a', 'b1', 'c'], ['d']],
])('%p', (filter, selected, others) => {
  for (const name of selected) expect([name, selects(filter, name)]).toEqual([name, true]);
  for (const name of others) expect([name, selects(filter, name)]).toEqual([name, false]);
});

test('a predicate is asked about the point, since the name alone does not decide', () => {
  const {byName, byPoint} = compileFilter((at) => at.activation === 'tanh', 'test');
  expect(byName('a')).toBeUndefined();
  expect(byPoint(point('a', 'tanh'))).toBe(true);
  expect(byPoint(point('a'))).toBe(false);
});

test('tells what selects everything and what nothing', () => {
  expect(compileFilter(undefined, 'test')).toMatchObject({isEverything: true, isEmpty: false});
  expect(compileFilter([], 'test')).toMatchObject({isEverything: false, isEmpty: true});
});

test.each([1, null, {}, ['a', 2]])('%p is no filter', (filter) => {
  expect(() => compileFilter(filter as LayerFilter, 'caller')).toThrow(CaptureArgumentError);
  expect(() => compileFilter(filter as LayerFilter, 'caller')).toThrow(/^caller: layers must be/);
});
