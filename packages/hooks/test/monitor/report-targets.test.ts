// What files and functions have in common, whatever is written to them.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {CaptureArgumentError, CaptureError} from '@tfjs-capture/hooks';
import {jsonLinesWriter} from '../../src/monitor/json-lines-writer.js';
import type {ClosableReportWriter, Summary} from '../../src/monitor/report-writer.js';
import {tensorBoardWriter} from '../../src/monitor/tensorboard-writer.js';
import {errorOf} from '../error-of.js';
import {temporaryFolder} from '../temporary-folder.js';

const folder = temporaryFolder();
const aFile = join(folder, 'file');
const aDirectory = join(folder, 'directory');
writeFileSync(aFile, '');
mkdirSync(aDirectory);

const summary: Summary = {tag: 'loss', step: 1, wallTime: 0, scalar: 1};

type MakeWriter = (target: string | ((data: string | Uint8Array) => void)) => ClosableReportWriter;

describe.each<[string, MakeWriter, string]>([
  ['jsonLinesWriter', jsonLinesWriter, aDirectory],
  ['tensorBoardWriter', tensorBoardWriter, aFile],
])('%s', (name, makeWriter, wrongKind) => {
  const wrong = (target: unknown): Error => {
    const error = errorOf(() => makeWriter(target as string));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(new RegExp(`^${name}: .+, got .+\\. .+`));
    return error;
  };

  test.each([[undefined], [null], [3], [new URL('file:///tmp')]])('%p is no target', (target) => {
    expect(wrong(target).message).toMatch(/takes the path of a (file|directory), or a function/);
  });

  test.each([
    ['the wrong kind', wrongKind],
    ['below a file', join(aFile, 'deeper', 'run')],
    ['empty', ''],
  ])('a path that is %s is refused when the writer is made', (_, path) => {
    const error = wrong(path);
    expect(error.message).toMatch(/the path must be writable \(E[A-Z]+: .+\), got '/);
    expect(error.cause).toHaveProperty('code');
  });

  test('a path where there are no files is refused, a function is not', () => {
    const original = process.getBuiltinModule;
    try {
      Object.assign(process, {getBuiltinModule: undefined});
      expect(wrong('run').message).toMatch(/no files on this platform.*Pass a function/);
      const take = jest.fn();
      makeWriter(take).write([summary]);
      expect(take).toHaveBeenCalled();
    } finally {
      Object.assign(process, {getBuiltinModule: original});
    }
  });

  test.each([
    ['a path', () => join(folder, 'logs', name)],
    ['a function', () => jest.fn()],
  ])('to write to %s after closing is an error; to close again is none', (_, target) => {
    const writer = makeWriter(target());
    writer.write([summary]);
    writer.close();
    writer.close();
    const error = errorOf(() => writer.write([summary]));
    expect(error).toBeInstanceOf(CaptureError);
    expect(error.message).toBe(
      `${name}: a closed writer takes nothing, got 1 summaries. Make another writer.`,
    );
  });

  test('each write reaches a function at once, and what throws there is thrown on', () => {
    const take = jest.fn();
    const writer = makeWriter(take);
    const before = take.mock.calls.length;
    writer.write([]);
    expect(take).toHaveBeenCalledTimes(before);
    writer.write([summary, summary]);
    expect(take).toHaveBeenCalledTimes(before + 1);
    const full = new Error('full');
    take.mockImplementation(() => {
      throw full;
    });
    expect(errorOf(() => writer.write([summary]))).toBe(full);
  });
});
