import {consoleWriter} from '../../src/monitor/console-writer.js';
import type {ConsoleWriterOptions} from '../../src/monitor/console-writer.js';
import type {Summary} from '../../src/monitor/report-writer.js';

const scalar = (tag: string, step: number, value: number): Summary => ({
  tag,
  step,
  wallTime: 0,
  scalar: value,
});
const histogram: Summary = {
  tag: 'dense_1/histogram',
  step: 4,
  wallTime: 0,
  histogram: {min: 0, max: 0, count: 0, sum: 0, sumOfSquares: 0, limits: [], counts: []},
};

afterEach(() => {
  jest.restoreAllMocks();
});

function logged(...batches: Summary[][]): string[] {
  const lines: string[] = [];
  const writer = consoleWriter({log: (line) => lines.push(line)});
  for (const batch of batches) writer.write(batch);
  return lines;
}

test('a line per step, in columns', () => {
  const lines = logged(
    [scalar('loss', 9, 0.69314718), scalar('conv/mean', 9, -0.0000012345)],
    [scalar('loss', 1000, NaN), scalar('conv/mean', 1000, 1.5e300)],
    [scalar('loss', 123456, -Infinity), scalar('conv/mean', 123456, 65536)],
  );
  expect(lines).toEqual([
    'step       9  loss       0.6931  conv/mean -0.000001234',
    'step    1000  loss          NaN  conv/mean   1.500e+300',
    'step  123456  loss    -Infinity  conv/mean        65536',
  ]);
});

test('several steps in one call are lines of their own, in the order of their first scalars', () => {
  const lines = logged([scalar('a', 5, 1), scalar('a', 4, 2), scalar('b', 5, 3)]);
  expect(lines).toEqual([
    'step       5  a            1  b            3',
    'step       4  a            2',
  ]);
});

test('histograms are left out, and a step that has nothing else', () => {
  expect(logged([histogram], [scalar('loss', 4, 1), histogram], [])).toEqual([
    'step       4  loss            1',
  ]);
});

test('the console is where lines go unless told otherwise', () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  consoleWriter().write([scalar('loss', 4, 1)]);
  expect(log.mock.calls).toEqual([['step       4  loss            1']]);
});

test('log must be a function', () => {
  const options = {log: 'loud'} as unknown as ConsoleWriterOptions;
  expect(() => consoleWriter(options)).toThrow(
    "consoleWriter: log must be a function, got 'loud'. Pass (line) => ….",
  );
});
