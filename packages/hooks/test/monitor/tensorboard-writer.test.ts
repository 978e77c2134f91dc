// Event files, read back by a decoder of their own and compared with bytes written out by hand.
import {mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';

import type {Summary} from '../../src/monitor/report-writer.js';
import {tensorBoardWriter} from '../../src/monitor/tensorboard-writer.js';
import {temporaryFolder} from '../temporary-folder.js';
import {summaries} from './random-summaries.js';
import {readEvents} from './read-events.js';
import type {ReadEvent} from './read-events.js';

const folder = temporaryFolder();

afterEach(() => {
  jest.restoreAllMocks();
});

/** What a writer writes for each of these batches, as one file. */
function written(...batches: Summary[][]): Uint8Array {
  const pieces: Uint8Array[] = [];
  const writer = tensorBoardWriter((bytes) => pieces.push(bytes));
  for (const batch of batches) writer.write(batch);
  writer.close();
  return new Uint8Array(Buffer.concat(pieces));
}

const asRead = (summary: Summary): ReadEvent => {
  const {tag, step, wallTime, ...value} = summary;
  const read = 'scalar' in value ? {scalar: Math.fround(value.scalar)} : value;
  return {wallTime, step: BigInt(step), values: [{tag, ...read}]} as ReadEvent;
};

/** By the specifications of TFRecord and Protocol Buffers, byte for byte. */
const GOLDEN = `
  1800000000000000 a37f4b22
    09 00002040fc54d941
    1a 0d 627261696e2e4576656e743a32
  2b353110
  1a00000000000000 129bd82d
    09 0000000000000440
    10 ac02
    2a 0c 0a 0a
      0a 03 612f62
      15 0000c0bf
  ec6ad85c
  6500000000000000 ebd05a69
    09 0000000000000440
    2a 5a 0a 58
      0a 03 612f63
      2a 51
        09 000000000000f0bf
        11 0000000000000040
        19 0000000000000840
        21 000000000000f03f
        29 0000000000001440
        32 10 0000000000000000 0000000000000040
        3a 10 000000000000f03f 0000000000000040
  08db1429
`;

const scalar: Summary = {tag: 'a/b', step: 300, wallTime: 2.5, scalar: -1.5};
const histogram: Summary = {
  tag: 'a/c',
  step: 0,
  wallTime: 2.5,
  histogram: {min: -1, max: 2, count: 3, sum: 1, sumOfSquares: 5, limits: [0, 2], counts: [1, 2]},
};

test('a file is, byte for byte, what the specification says', () => {
  jest.spyOn(Date, 'now').mockReturnValue(1_700_000_000_500);
  const bytes = written([scalar, histogram]);
  expect(Buffer.from(bytes).toString('hex')).toBe(GOLDEN.replace(/\s/g, ''));
});

test('what is read back is what was written', () => {
  fc.assert(
    fc.property(fc.array(summaries, {maxLength: 3}), (batches) => {
      const [first, ...events] = readEvents(written(...batches));
      expect(first).toEqual({
        wallTime: expect.any(Number),
        step: 0n,
        fileVersion: 'brain.Event:2',
      });
      expect(events).toEqual(batches.flat().map(asRead));
    }),
  );
});

test('a file that ends early, or has one wrong bit, is told from a whole one', () => {
  const bytes = written([scalar, histogram]);
  const ends = new Set([40, 82, bytes.length]);
  for (let length = 1; length <= bytes.length; length++) {
    const part = bytes.slice(0, length);
    if (ends.has(length)) expect(readEvents(part)).not.toHaveLength(0);
    else expect(() => readEvents(part)).toThrow('truncated');
  }
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const spoilt = Uint8Array.from(bytes);
    spoilt[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => readEvents(spoilt)).toThrow('wrong checksum');
  }
});

test('a path is a directory; its file is whole after each write', () => {
  jest.spyOn(Date, 'now').mockReturnValue(12_345_678);
  const directory = join(folder, 'logs', 'run1');
  const writer = tensorBoardWriter(directory);
  const files = readdirSync(directory);
  expect(files).toEqual([`events.out.tfevents.0000012345.${hostname()}.${process.pid}.0`]);
  const read = (): ReadEvent[] => readEvents(readFileSync(join(directory, files[0]!)));
  expect(read()).toHaveLength(1);
  writer.write([scalar]);
  expect(read().slice(1)).toEqual([asRead(scalar)]);
  writer.write([]);
  writer.write([histogram, scalar]);
  expect(read().slice(1)).toEqual([scalar, histogram, scalar].map(asRead));
  writer.close();
});

test('writers of one directory have files of their own, also those of one second', () => {
  jest.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
  const directory = join(folder, 'shared');
  const runs = [0, 1, 2].map((step) => ({...scalar, step}));
  const writers = runs.map(() => tensorBoardWriter(directory));
  runs.forEach((run, index) => writers[index]!.write([run]));
  for (const writer of writers) writer.close();
  const files = readdirSync(directory).sort();
  expect(files).toHaveLength(3);
  expect(files.map((file) => readEvents(readFileSync(join(directory, file)))[1])).toEqual(
    runs.map(asRead),
  );
});

test('a directory that is there keeps what it holds', () => {
  const directory = join(folder, 'there');
  mkdirSync(directory);
  tensorBoardWriter(directory).close();
  tensorBoardWriter(directory).close();
  expect(readdirSync(directory)).toHaveLength(2);
});

test.each<[string, Summary, RegExp]>([
  ['a negative step', {...scalar, step: -1}, /step of 'a\/b' must be .*, got -1\. /],
  ['half a step', {...scalar, step: 0.5}, /got 0\.5\. /],
  ['a step that is no safe integer', {...scalar, step: 2 ** 53}, /got 9007199254740992\. /],
  [
    'an edge without a count',
    {...histogram, histogram: {...histogram.histogram, counts: [1]}},
    /histogram of 'a\/c' must have as many counts as limits, 2, got 1\. /,
  ],
])('%s is refused, and nothing of its batch is written', (_, wrong, message) => {
  const take = jest.fn();
  const writer = tensorBoardWriter(take);
  expect(() => writer.write([scalar, wrong])).toThrow(message);
  expect(take).toHaveBeenCalledTimes(1);
});
