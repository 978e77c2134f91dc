// The files that npm would publish, loaded by Node as ESM and as CommonJS in one process.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';

interface Found {
  exports: Record<string, {imported: string[]; required: string[]}>;
  areTwo: boolean;
  nested: {innerNames: string[]; outerNames: string[]}[];
  besideEachOther: number[];
  restored: {registry: boolean; layers: boolean; backend: boolean; tensors: number};
}

const found = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'load-both-forms.mjs')], {encoding: 'utf8'}),
) as Found;

test.each(['@tfjs-capture/core', '@tfjs-capture/hooks'])(
  '%s has the same exports in both forms',
  (name) => {
    expect(found.exports[name]?.required).toEqual(found.exports[name]?.imported);
  },
);

test('bundles for browsers get an entry of their own, with the same exports', () => {
  const entry = (name: string): object =>
    jest.requireActual<object>(join(__dirname, '../dist/cjs', name));
  expect(Object.keys(entry('index.browser.js')).sort()).toEqual(
    Object.keys(entry('index.js')).sort(),
  );
});

test('the two forms are two copies that share one state', () => {
  expect(found.areTwo).toBe(true);
  for (const {innerNames, outerNames} of found.nested) {
    expect(innerNames).toEqual(['d']);
    expect(outerNames).toEqual(['d 0', 'd 1']);
  }
  expect(found.besideEachOther).toEqual([2, 3]);
  expect(found.restored).toEqual({registry: true, layers: true, backend: true, tensors: 0});
});
