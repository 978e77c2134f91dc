/** A training report on the console. */
import {wrongArgument} from '@tfjs-capture/core';
import type {ReportWriter, Summary} from './report-writer.js';

export interface ConsoleWriterOptions {
  /** Takes each line, which has no line break at its end; `console.log` unless given. */
  readonly log?: (line: string) => void;
}

/**
 * Writes the scalars of a step as one line: the step, then each tag with its value, at four significant
 * digits. Lines with the same tags stand in columns. Histograms are left out. A monitor hands it one line per
 * epoch: some thousand tags would be nothing to read.
 *
 * @throws CaptureArgumentError if `log` is no function
 *
 * @example
 * consoleWriter({log: (line) => console.error(line)});
 */
export function consoleWriter({log = logToConsole}: ConsoleWriterOptions = {}): ReportWriter {
  if (typeof log !== 'function') {
    throw wrongArgument('consoleWriter', 'log must be a function', log, 'Pass (line) => ….');
  }
  return {
    detail: 'epochs',
    write(summaries) {
      for (const line of linesOf(summaries)) log(line);
    },
  };
}

function linesOf(summaries: readonly Summary[]): string[] {
  const cellsOfStep = new Map<number, string[]>();
  for (const summary of summaries) {
    if (!('scalar' in summary)) continue;
    const {tag, step, scalar} = summary;
    const cells = cellsOfStep.get(step) ?? [`step ${String(step).padStart(STEP_WIDTH)}`];
    cellsOfStep.set(step, [...cells, `${tag} ${inDigits(scalar).padStart(VALUE_WIDTH)}`]);
  }
  return [...cellsOfStep.values()].map((cells) => cells.join('  '));
}

const STEP_WIDTH = 7;
/** What four digits take at most, short of exponents of three: '-0.000001234'. */
const VALUE_WIDTH = 12;
/** Whole numbers below this are counts, and told to the last digit. */
const LARGEST_COUNT = 1e9;

const inDigits = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) <= LARGEST_COUNT
    ? String(value)
    : value.toPrecision(4);

function logToConsole(line: string): void {
  const {console} = globalThis as unknown as {console: {log(line: string): void}};
  console.log(line);
}
