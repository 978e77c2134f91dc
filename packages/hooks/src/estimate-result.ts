/** What an estimate tells. */
import type {DryRecord, HookPoint, ShapedValue} from '@tfjs-capture/core';
import {inColumns, placeOf} from './table.js';

/** The records of one slot of a layer that are of one shape: its calls, or the time steps of a cell. */
export interface EstimatedHookPoint extends Pick<
  HookPoint,
  'name' | 'path' | 'activation' | 'slot'
> {
  /** How many calls of the layer in one pass are of this shape. */
  readonly calls: number;
  /** How many records a capture would have of these: calls times passes. */
  readonly count: number;
  /** Of one call, its passes joined: what `capture.pre(name, {call, slot})` would have. */
  readonly shape: readonly number[];
  /** Of all these records, as if none shared its data with another. */
  readonly bytes: number;
}

/** What a capture would hold. */
export class Estimate {
  /** In the order in which a capture would have their first records. */
  readonly hookPoints: readonly EstimatedHookPoint[];
  /** What `capture.memory().bytes` would be: data that several records share is counted once. */
  readonly bytes: number;

  constructor(
    records: readonly DryRecord[],
    /**
     * Names of layers of which nobody knows what they activate or call, as a user's own: their hook points are
     * not estimated, apart from their output.
     */
    readonly unknown: readonly string[],
  ) {
    this.hookPoints = pointsOf(records);
    const sizes = new Map(records.flatMap(valuesOf).map((value) => [value.data, bytesOf(value)]));
    this.bytes = sumOf([...sizes.values()]);
  }

  /** Name, activation, shape, calls and bytes of every hook point, in columns, to print. */
  table(): string {
    return inColumns([HEAD, ...this.hookPoints.map(cellsOf)], 3);
  }
}

const HEAD = ['name', 'activation', 'shape', 'calls', 'bytes'];

const cellsOf = ({name, slot, activation, shape, calls, bytes}: EstimatedHookPoint): string[] => [
  name + placeOf({pass: 0, call: 0, slot}),
  activation ?? '-',
  `[${shape.join(', ')}]`,
  String(calls),
  String(bytes),
];

function pointsOf(records: readonly DryRecord[]): EstimatedHookPoint[] {
  const addressed = groupedBy(records, ({point: {name, activation, call, slot}}) => [
    name,
    activation,
    call,
    slot,
  ]);
  const calls = addressed.map((passes) => {
    const [{point}] = passes;
    const {name, path, activation, slot} = point;
    const bytes = sumOf(passes.flatMap(valuesOf).map(bytesOf));
    return {name, path, activation, slot, shape: joinedShape(passes), count: passes.length, bytes};
  });
  const alike = groupedBy(calls, ({name, activation, slot, shape}) => [
    name,
    activation,
    slot,
    shape,
  ]);
  return alike.map((group) => ({
    ...group[0],
    calls: group.length,
    count: sumOf(group.map(({count}) => count)),
    bytes: sumOf(group.map(({bytes}) => bytes)),
  }));
}

/** Groups in the order of their first members. */
function groupedBy<T>(items: readonly T[], keyOf: (item: T) => unknown): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

function joinedShape(passes: readonly DryRecord[]): number[] {
  const shapes = passes.flatMap((record) => valuesOf(record).slice(0, 1)).map(({shape}) => shape);
  const [, ...rest] = shapes[0] ?? [];
  return [sumOf(shapes.map(([rows = 0]) => rows)), ...rest];
}

const valuesOf = ({pre, post, output}: DryRecord): ShapedValue[] =>
  [pre, post, output].flatMap((value) => value ?? []);

const bytesOf = ({shape}: ShapedValue): number => 4 * shape.reduce((size, n) => size * n, 1);

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);
