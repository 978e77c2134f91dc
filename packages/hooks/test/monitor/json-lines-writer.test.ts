import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';

import {jsonLinesWriter} from '../../src/monitor/json-lines-writer.js';
import type {Summary} from '../../src/monitor/report-writer.js';
import {temporaryFolder} from '../temporary-folder.js';
import {summaries} from './random-summaries.js';

const folder = temporaryFolder();

const scalar = (step: number, value: number): Summary => ({
  tag: 'dense_1/mean',
  step,
  wallTime: 1.5,
  scalar: value,
});

/** Every number as `Number` reads it, which is what the documentation promises. */
function parsed(text: string): unknown[] {
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line): unknown =>
    JSON.parse(line, (key, value: unknown) =>
      key === 'tag' || typeof value === 'object' ? value : Number(value),
    ),
  );
}

/** -0 is the one number that JSON writes as another. */
function withoutNegativeZero(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== 'object' || value === null) return value === 0 ? 0 : value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withoutNegativeZero(part)]),
  );
}

test('a line per summary, in plain JSON', () => {
  let text = '';
  const writer = jsonLinesWriter((lines) => (text += lines));
  const {tag, step, wallTime} = scalar(7, 0);
  const sums = {min: -1, max: NaN, count: 2, sum: Infinity, sumOfSquares: 1};
  writer.write([
    scalar(7, -Infinity),
    {tag, step, wallTime, histogram: {...sums, limits: [0, Infinity], counts: [1, 1]}},
  ]);
  writer.close();
  expect(text).toBe(
    '{"tag":"dense_1/mean","step":7,"wallTime":1.5,"scalar":"-Infinity"}\n' +
      '{"tag":"dense_1/mean","step":7,"wallTime":1.5,"histogram":{"min":-1,"max":"NaN","count":2,' +
      '"sum":"Infinity","sumOfSquares":1,"limits":[0,"Infinity"],"counts":[1,1]}}\n',
  );
});

test('what is read back is what was written', () => {
  fc.assert(
    fc.property(fc.array(summaries, {maxLength: 3}), (batches) => {
      let text = '';
      const writer = jsonLinesWriter((lines) => (text += lines));
      for (const batch of batches) writer.write(batch);
      expect(parsed(text)).toEqual(withoutNegativeZero(batches.flat()));
    }),
  );
});

test('a file is made with its folders, whole after each write, and appended to', () => {
  const file = join(folder, 'logs', 'today', 'run.jsonl');
  const read = (): unknown[] => parsed(readFileSync(file, 'utf8'));
  const writer = jsonLinesWriter(file);
  expect(read()).toEqual([]);
  writer.write([scalar(1, NaN)]);
  expect(read()).toEqual([scalar(1, NaN)]);
  const second = jsonLinesWriter(file);
  second.write([scalar(2, 0.5)]);
  writer.write([scalar(3, 0.25)]);
  expect(read()).toEqual([scalar(1, NaN), scalar(2, 0.5), scalar(3, 0.25)]);
  second.close();
  writer.close();
});
