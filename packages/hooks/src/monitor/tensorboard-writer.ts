/** A training report as TensorBoard reads it. */
import {wrongArgument} from '@tfjs-capture/core';
import {summaryEvent, versionEvent} from './event-message.js';
import type {NodeFiles} from './node-files.js';
import {joinBytes} from './protobuf-fields.js';
import {writerTo} from './report-target.js';
import type {ReportFormat, ReportTarget} from './report-target.js';
import type {ClosableReportWriter, Summary} from './report-writer.js';
import {tfRecord} from './tf-record.js';

const CALLER = 'tensorBoardWriter';

/**
 * Writes an event file, which `tensorboard --logdir` shows: scalars as 32-bit floats, histograms whole.
 *
 * @param target a directory, in Node: it is made if it is not there, and each writer makes a file of its
 *     own in it, which is complete after each `write`; or a function that takes the file's bytes, piece
 *     by piece, in order. TensorBoard takes a directory for one run.
 * @throws CaptureArgumentError if `target` is neither, or cannot be written; and, from `write`, for a step
 *     that is no whole number of 0 or more, and a histogram with more edges than counts, or fewer
 *
 * @example
 * const writer = tensorBoardWriter('logs/run1');
 */
export const tensorBoardWriter = (target: ReportTarget<Uint8Array>): ClosableReportWriter =>
  writerTo(EVENT_FILE, target);

const EVENT_FILE: ReportFormat<Uint8Array> = {
  caller: CALLER,
  pathKind: 'a directory',
  openFile: openEventFile,
  head: () => tfRecord(versionEvent(Date.now() / 1000)),
  encode(summaries) {
    summaries.forEach(check);
    return joinBytes(summaries.map((summary) => tfRecord(summaryEvent(summary))));
  },
};

/** A file that was not there, named as TensorFlow names them: the time, the machine, the process, the writer. */
function openEventFile({fs, path, hostname, pid}: NodeFiles, directory: string): number {
  fs.mkdirSync(directory, {recursive: true});
  const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
  const name = `events.out.tfevents.${seconds}.${hostname()}.${pid}`;
  // Threads, and copies of this package, share the process's number: the file system alone knows who is first.
  for (let writer = 0; ; writer++) {
    try {
      return fs.openSync(path.join(directory, `${name}.${writer}`), 'ax');
    } catch (error) {
      if ((error as {code?: unknown}).code !== 'EEXIST') throw error;
    }
  }
}

function check(summary: Summary): void {
  const {tag, step} = summary;
  if (!Number.isSafeInteger(step) || step < 0) {
    const rule = `the step of '${tag}' must be a whole number, 0 or more`;
    throw wrongArgument(CALLER, rule, step, 'Count steps from 0.');
  }
  if ('scalar' in summary) return;
  const {limits, counts} = summary.histogram;
  if (limits.length === counts.length) return;
  const rule = `the histogram of '${tag}' must have as many counts as limits, ${limits.length}`;
  throw wrongArgument(
    CALLER,
    rule,
    counts.length,
    'Give each bucket its right edge and its count.',
  );
}
