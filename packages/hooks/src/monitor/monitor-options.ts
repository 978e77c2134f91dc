/** What can be asked of `monitor`. */
import {compileFilter, wrongArgument} from '@tfjs-capture/core';
import type {LayerFilter} from '@tfjs-capture/core';
import type {ReportWriter} from './report-writer.js';

export interface MonitorOptions {
  /** Which batches are observed: each one of so many, counted over epochs, from the first; 1 unless given. */
  readonly every?: number;
  /** Which layers; all with an activation unless given. As in `withCapture`. */
  readonly layers?: LayerFilter;
  /** Over how many observed batches, the last ones, a unit is called dead or saturated; 10 unless given. */
  readonly window?: number;
  /** What takes the report as it comes. They are closed with the monitor, when training ends. */
  readonly writers?: readonly ReportWriter[];
}

const KNOWN = ['every', 'layers', 'window', 'writers'];

/** @throws CaptureArgumentError for unknown options and for values of the wrong kind */
export function checkMonitorOptions(options: MonitorOptions): void {
  const wrong = (rule: string, got: unknown, remedy: string): Error =>
    wrongArgument('monitor', rule, got, remedy);
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrong('the options must be an object', options, 'Pass {every: 10}.');
  }
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) throw wrong(`options are ${KNOWN.join(', ')}`, key, 'Check it.');
  }
  const {every = 1, layers, window = 10, writers = []} = options;
  for (const [name, count] of Object.entries({every, window})) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw wrong(`${name} must be a whole number of 1 or more`, count, 'Leave it out.');
  }
  compileFilter(layers, 'monitor');
  const rule = 'writers must be an array of objects with write()';
  if (!Array.isArray(writers)) throw wrong(rule, writers, 'Pass [consoleWriter()].');
  for (const writer of writers as unknown[]) {
    if (typeof (writer as Partial<ReportWriter> | null | undefined)?.write === 'function') continue;
    throw wrong(rule, writer, 'Pass [consoleWriter()].');
  }
}
