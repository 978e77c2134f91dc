/**
 * What reducers must give, computed in float64 over records that were captured as tensors, with none of
 * the code that reduces.
 */
import type {ActivationRecord, Capture} from '@tfjs-capture/hooks';

/** One record's values, downloaded. */
export interface Observed {
  readonly name: string;
  readonly pass: number;
  readonly call: number;
  readonly slot: number;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** One hook point of one scope or several: what was observed, by scopes, in their order. */
export type Scopes = readonly (readonly Observed[])[];

/** All of a plain capture's records, in execution order. */
export const observe = (capture: Capture<unknown>): Observed[] =>
  capture.records.map(({name, pass, call, slot, pre, post, output}: ActivationRecord) => {
    const value = (pre ?? post ?? output)!;
    return {name, pass, call, slot, shape: [...value.shape], values: Array.from(value.dataSync())};
  });

/** Of one hook point, over calls unless one is named. */
export const pick = (scopes: Scopes, name: string, slot: number, call?: number): Scopes =>
  scopes.map((records) =>
    records.filter(
      (one) => one.name === name && one.slot === slot && (call === undefined || one.call === call),
    ),
  );

const valuesOf = (scopes: Scopes): number[] => scopes.flat().flatMap(({values}) => values);

/** Neumaier's sum: rounded once, but for cancellation that no float32 data brings. */
function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

export function statsOf(values: readonly number[]) {
  const finite = values.filter(Number.isFinite);
  const count = finite.length;
  const [first = NaN] = finite;
  const mean = first + sum(finite.map((value) => value - first)) / count;
  return {
    count,
    min: count === 0 ? NaN : finite.reduce((a, b) => Math.min(a, b)),
    max: count === 0 ? NaN : finite.reduce((a, b) => Math.max(a, b)),
    mean,
    variance: sum(finite.map((value) => (value - mean) ** 2)) / count,
    nonPositiveFraction: finite.filter((value) => value <= 0).length / count,
    nan: values.filter(Number.isNaN).length,
    infinite: values.filter((value) => Math.abs(value) === Infinity).length,
  };
}

export const expectedStats = (scopes: Scopes) => statsOf(valuesOf(scopes));

/** @param axis along which channels lie */
export function expectedChannelStats(scopes: Scopes, axis: number) {
  const all = channelsOf(scopes, axis).map(statsOf);
  const fields = Object.keys(statsOf([])) as (keyof ReturnType<typeof statsOf>)[];
  return Object.fromEntries(fields.map((field) => [field, all.map((one) => one[field])]));
}

/** The values of each channel, by the coordinates of each value. */
function channelsOf(scopes: Scopes, axis: number): number[][] {
  const channels: number[][] = [];
  for (const {shape, values} of scopes.flat()) {
    values.forEach((value, i) => (channels[coordinatesOf(i, shape)[axis]!] ??= []).push(value));
  }
  return channels;
}

function coordinatesOf(index: number, shape: readonly number[]): number[] {
  const coordinates: number[] = [];
  let rest = index;
  for (const size of [...shape].reverse()) {
    coordinates.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return coordinates;
}

/** Between which of these edges each value is, the last one closed on both sides. */
export function countsBetween(scopes: Scopes, edges: readonly number[]) {
  const values = valuesOf(scopes);
  const finite = values.filter(Number.isFinite);
  const last = edges.length - 2;
  return {
    edges,
    counts: edges.slice(0, -1).map((low, i) => {
      const high = edges[i + 1]!;
      return finite.filter((v) => v >= low && (v < high || (i === last && v === high))).length;
    }),
    below: finite.filter((value) => value < edges[0]!).length,
    above: finite.filter((value) => value > edges.at(-1)!).length,
    nan: values.filter(Number.isNaN).length,
    infinite: values.filter((value) => Math.abs(value) === Infinity).length,
  };
}

export function expectedFirstNonFinite(scopes: Scopes) {
  const values = valuesOf(scopes);
  const nan = values.filter(Number.isNaN).length;
  const infinite = values.filter((value) => Math.abs(value) === Infinity).length;
  for (const records of scopes) {
    const inOrder = [...records].sort((a, b) => a.pass - b.pass || a.call - b.call);
    for (const {pass, call, slot, shape, values: own} of inOrder) {
      const index = own.findIndex((value) => !Number.isFinite(value));
      if (index < 0) continue;
      const position = coordinatesOf(index, shape);
      const found = {pass, call, slot, index, position, value: own[index]};
      return {...found, count: nan + infinite, nan, infinite};
    }
  }
  return null;
}

/** @param axis along which channels lie; rows lie along the first one */
export function expectedTopK(scopes: Scopes, axis: number, k: number) {
  const best: Map<number, number>[] = [];
  let rows = 0;
  for (const records of scopes) {
    const sizes = new Map(records.map(({pass, shape}) => [pass, shape[0]!]));
    const passes = [...sizes.keys()].sort((a, b) => a - b);
    const starts = new Map<number, number>();
    for (const pass of passes) {
      starts.set(pass, rows);
      rows += sizes.get(pass)!;
    }
    for (const {pass, shape, values} of records) {
      values.forEach((value, i) => {
        const at = coordinatesOf(i, shape);
        const index = starts.get(pass)! + at[0]!;
        const ofChannel = (best[at[axis]!] ??= new Map<number, number>());
        if (value > (ofChannel.get(index) ?? -Infinity)) ofChannel.set(index, value);
      });
    }
  }
  return best.map((ofChannel) =>
    [...ofChannel]
      .map(([index, value]) => ({index, value}))
      .sort((a, b) => b.value - a.value || a.index - b.index)
      .slice(0, k),
  );
}
