/** What a sweep of patches found. */
import type {HookPoint} from '@tfjs-capture/core';
import {inColumns, placeOf} from './table.js';

/** What one patch did. */
export interface PatchRow extends Pick<HookPoint, 'name' | 'pass' | 'call' | 'slot'> {
  /** Which channel was patched alone; left out where the whole value was. */
  readonly channel?: number;
  /** The metric of the corrupted run with this patch. */
  readonly metric: number;
  /** How much that is above the metric of the corrupted run. */
  readonly change: number;
  /** `change` as a part of what lies between both runs: 1 restores the clean one, 0 does nothing. */
  readonly restored: number;
}

export function patchRow(
  {name, pass, call, slot}: HookPoint,
  channel: number | undefined,
  metric: number,
  clean: number,
  corrupted: number,
): PatchRow {
  const change = metric - corrupted;
  const restored = change / (clean - corrupted);
  const unit = channel === undefined ? {} : {channel};
  return {name, pass, call, slot, ...unit, metric, change, restored};
}

/** The metrics of both runs, and what each patch did. Holds no tensors. */
export class PatchSweep {
  constructor(
    /** The metric of the clean run. */
    readonly clean: number,
    /** The metric of the corrupted run. */
    readonly corrupted: number,
    /** In execution order; channels in theirs. */
    readonly rows: readonly PatchRow[],
  ) {}

  /** Place, metric, change and restored part of every row, in columns, to print. */
  table(): string {
    return inColumns([HEAD, ...this.rows.map(cellsOf)], 1);
  }
}

const HEAD = ['name', 'metric', 'change', 'restored'];

function cellsOf(row: PatchRow): string[] {
  const {name, channel, metric, change, restored} = row;
  const unit = channel === undefined ? '' : ` channel ${channel}`;
  const numbers = [metric, change, restored].map((value) => value.toPrecision(4));
  return [name + placeOf(row) + unit, ...numbers];
}
