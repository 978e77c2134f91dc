/** What records have been reduced to, as text to print. */
import {isTensor} from '@tfjs-capture/core';
import type {ActivationRecord} from './activation-record.js';
import {inColumns, placeOf} from './table.js';

/** One line per record: name, activation, and the numbers of its result, or what the result is. */
export function tableOfResults(records: readonly ActivationRecord[]): string {
  const results = records.map(({value}) => numbersOf(value));
  const columns = [...new Set(results.flatMap((result) => Object.keys(result)))];
  const rows = records.map((record, i) => [
    record.name + placeOf(record),
    record.activation ?? '-',
    ...columns.map((column) => results[i]?.[column] ?? ''),
  ]);
  return inColumns([['name', 'activation', ...columns], ...rows], 2);
}

function numbersOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || isTensor(value) || Array.isArray(value)) {
    return {value: brief(value)};
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, brief(part)]));
}

function brief(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (isTensor(value)) return `Tensor [${value.shape.join(', ')}]`;
  if (Array.isArray(value)) return `[${value.length}]`;
  return typeof value === 'object' && value !== null ? 'object' : String(value);
}
