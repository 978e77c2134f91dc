/** A capture as text, to print. */
import {util} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {RECORD_FIELDS} from './activation-record.js';
import type {ActivationRecord} from './activation-record.js';

const HEAD = ['name', 'activation', 'kernel', 'shape', 'bytes'];
const BYTES = 4;

/** One line per record: name, activation, kernel, shape and bytes held, in columns. */
export function tableOf(records: readonly ActivationRecord[]): string {
  const rows = [HEAD, ...records.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join('  '))
    .join('\n');
}

/** Numbers, in the last column, are flush right. */
const pad = (cell: string, column: number, width: number): string =>
  column < BYTES ? cell.padEnd(width) : cell.padStart(width);

function rowOf(record: ActivationRecord): string[] {
  const {name, activation, kernel} = record;
  const tensors = RECORD_FIELDS.flatMap((field) => record[field] ?? []);
  return [
    name + addressOf(record),
    activation ?? '-',
    kernel ?? '-',
    `[${tensors[0]?.shape.join(', ') ?? ''}]`,
    String(tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0)),
  ];
}

export const bytesOf = ({size, dtype}: Tensor): number => size * util.bytesPerElement(dtype);

/** Only what is not 0, since a model's layers mostly run once. */
function addressOf({pass, call, slot}: ActivationRecord): string {
  const parts = Object.entries({pass, call, slot}).filter(([, index]) => index > 0);
  return parts.map(([key, index]) => ` ${key} ${index}`).join('');
}
