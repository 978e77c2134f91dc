/** A training report as JSON lines: one object per line. */
import {writerTo} from './report-target.js';
import type {ReportFormat, ReportTarget} from './report-target.js';
import type {ClosableReportWriter, Summary} from './report-writer.js';

/**
 * Writes each summary as one line, `{"tag":…,"step":…,"wallTime":…,"scalar":…}` or with `"histogram"` in
 * its place. JSON has no NaN and no ±Infinity: they are the strings 'NaN', 'Infinity' and '-Infinity', so
 * that `Number(value)` reads every number back (-0 as 0).
 *
 * @param target the path of a file, in Node: it is appended to, and made with its folders if it is not
 *     there; or a function that takes whole lines, with the line breaks at their ends
 * @throws CaptureArgumentError if `target` is neither, or cannot be written
 *
 * @example
 * const writer = jsonLinesWriter('logs/run1.jsonl');
 */
export const jsonLinesWriter = (target: ReportTarget<string>): ClosableReportWriter =>
  writerTo(JSON_LINES, target);

const JSON_LINES: ReportFormat<string> = {
  caller: 'jsonLinesWriter',
  pathKind: 'a file',
  openFile({fs, path}, file) {
    fs.mkdirSync(path.dirname(file), {recursive: true});
    return fs.openSync(file, 'a');
  },
  encode: (summaries) => summaries.map(lineOf).join(''),
};

const lineOf = (summary: Summary): string => `${JSON.stringify(summary, withoutLoss)}\n`;

const withoutLoss = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
