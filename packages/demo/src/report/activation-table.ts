import Table from 'cli-table3';
import type {Statistics} from './statistics.js';

export interface ActivationRow {
  readonly layer: string;
  readonly activation: string;
  readonly shape: readonly number[];
  readonly before: Statistics;
  readonly after: Statistics;
  /** Bytes of the two tensors together. */
  readonly bytes: number;
}

/**
 * One entry per activation with two lines: its input (`pre`) and its output (`post`). The share
 * that is ≤ 0 after it is its dead share.
 */
export function activationTable(rows: readonly ActivationRow[]): string {
  const table = new Table({
    head: ['layer', 'activation', 'shape', '', 'min', 'mean', 'max', '≤ 0', 'bytes'],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: {head: [], border: [], compact: rows.length > 6},
  });
  for (const {layer, activation, shape, before, after, bytes} of rows) {
    const both = (show: (values: Statistics) => string) => `${show(before)}\n${show(after)}`;
    table.push([
      layer,
      activation,
      shape.join(' × '),
      'pre\npost',
      both(({min}) => number(min)),
      both(({mean}) => number(mean)),
      both(({max}) => number(max)),
      both(({nonPositive}) => `${(100 * nonPositive).toFixed(1)} %`),
      bytes.toLocaleString('en'),
    ]);
  }
  return table.toString();
}

function number(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
