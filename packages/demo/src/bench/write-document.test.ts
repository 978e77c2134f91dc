import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {withFigures} from './write-document.js';

const document = readFileSync(join(process.cwd(), 'docs/benchmarks.md'), 'utf8');

test('replaces the figures, and nothing else', () => {
  const once = withFigures(document, 'old');
  const twice = withFigures(once, 'new');
  expect(twice).toBe(once.replace('\n\nold\n\n', '\n\nnew\n\n'));
  expect(twice.startsWith('# Benchmarks\n')).toBe(true);
});

test('refuses a document without the markers', () => {
  expect(() => withFigures('# Benchmarks', 'new')).toThrow(/must hold/);
});
