/** A capture as text, to print. */
import {util} from '@tensorflow/tfjs-core';
import {RECORD_FIELDS} from './activation-record.js';
import type {ActivationRecord} from './activation-record.js';

const HEAD = ['name', 'activation', 'kernel', 'shape', 'bytes'];

/** One line per record: name, activation, kernel, shape and bytes held, in columns. */
export function tableOf(records: readonly ActivationRecord[]): string {
  const rows = [HEAD, ...records.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const last = HEAD.length - 1;
  return rows
    .map((row) =>
      row
        .map((cell, i) =>
          i === last ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

function rowOf(record: ActivationRecord): string[] {
  const {name, activation, kernel, pre, post, output} = record;
  const shape = (pre ?? post ?? output)?.shape ?? [];
  const bytes = RECORD_FIELDS.reduce((sum, field) => sum + bytesOf(record[field]), 0);
  return [
    name + addressOf(record),
    activation ?? '-',
    kernel ?? '-',
    `[${shape.join(', ')}]`,
    String(bytes),
  ];
}

const bytesOf = (tensor: ActivationRecord['pre']): number =>
  tensor ? tensor.size * util.bytesPerElement(tensor.dtype) : 0;

/** Only what is not 0, since a model's layers mostly run once. */
function addressOf({pass, call, slot}: ActivationRecord): string {
  const parts = Object.entries({pass, call, slot}).filter(([, index]) => index > 0);
  return parts.map(([key, index]) => ` ${key} ${index}`).join('');
}
