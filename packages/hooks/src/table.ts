/** A capture as text, to print. */
import type {HookPoint} from '@tfjs-capture/core';
import {util} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {RECORD_FIELDS} from './activation-record.js';
import type {ActivationRecord} from './activation-record.js';

const HEAD = ['name', 'activation', 'kernel', 'shape', 'bytes'];

/** One line per record: name, activation, kernel, shape and bytes held, in columns. */
export const tableOf = (records: readonly ActivationRecord[]): string =>
  inColumns([HEAD, ...records.map(rowOf)], 4);

/**
 * Rows of cells, one below the other.
 *
 * @param words how many columns are flush left; the others are numbers, and flush right
 */
export function inColumns(rows: readonly (readonly string[])[], words: number): string {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number): string =>
    column < words ? cell.padEnd(widths?.[column] ?? 0) : cell.padStart(widths?.[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}

function rowOf(record: ActivationRecord): string[] {
  const {name, activation, kernel} = record;
  const tensors = RECORD_FIELDS.flatMap((field) => record[field] ?? []);
  return [
    name + placeOf(record),
    activation ?? '-',
    kernel ?? '-',
    `[${tensors[0]?.shape.join(', ') ?? ''}]`,
    String(tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0)),
  ];
}

export const bytesOf = ({size, dtype}: Tensor): number => size * util.bytesPerElement(dtype);

/** Only what is not 0, since a model's layers mostly run once. */
export function placeOf({pass, call, slot}: Pick<HookPoint, 'pass' | 'call' | 'slot'>): string {
  const parts = Object.entries({pass, call, slot}).filter(([, index]) => index > 0);
  return parts.map(([key, index]) => ` ${key} ${index}`).join('');
}
