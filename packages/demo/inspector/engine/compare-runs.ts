/** Two runs compared, hook point by hook point: what went into each activation. */
import type {Comparison, ComparisonRow} from '../protocol/comparison.js';
import type {CapturedRun, HookSummary} from '../protocol/run.js';
import {InspectorError} from './inspector-error.js';

/** @param threshold a relative difference, from 0 on */
export function compareRuns(run: CapturedRun, other: CapturedRun, threshold: number): Comparison {
  if (!(threshold >= 0)) {
    throw new InspectorError(
      `The threshold must be 0 or more, got ${threshold}. Choose such as 0.001.`,
    );
  }
  const others = new Map(other.summary.hooks.map((hook) => [addressOf(hook), hook]));
  const rows: ComparisonRow[] = [];
  const unmatched = new Set<string>();
  for (const hook of run.summary.hooks) {
    const match = others.get(addressOf(hook));
    others.delete(addressOf(hook));
    const first = run.values[hook.index]?.pre;
    const second = match && other.values[match.index]?.pre;
    if (!match || !first || !second || match.shape.join() !== hook.shape.join()) {
      unmatched.add(hook.name);
    } else {
      rows.push({hook: hook.index, name: hook.name, ...difference(first, second, hook.shape)});
    }
  }
  for (const {name} of others.values()) unmatched.add(name);
  const first = rows.find(({relative}) => relative > threshold) ?? null;
  return {rows, first, threshold, unmatched: [...unmatched]};
}

const addressOf = ({name, pass, call, slot}: HookSummary): string =>
  `${pass} ${call} ${slot} ${name}`;

function difference(
  first: Float32Array,
  second: Float32Array,
  shape: readonly number[],
): Omit<ComparisonRow, 'hook' | 'name'> {
  const bits = new Uint32Array(first.buffer, first.byteOffset, first.length);
  const otherBits = new Uint32Array(second.buffer, second.byteOffset, second.length);
  let largest = 0;
  let place = 0;
  let magnitude = 0;
  let sum = 0;
  let finite = 0;
  let differing = 0;
  for (let at = 0; at < first.length; at++) {
    const value = first[at] as number;
    const apart = Math.abs(value - (second[at] as number));
    if (bits[at] !== otherBits[at]) differing++;
    if (Number.isFinite(value)) magnitude = Math.max(magnitude, Math.abs(value));
    if (Number.isFinite(apart)) {
      sum += apart;
      finite++;
    }
    const distance =
      Number.isFinite(apart) || isSame(value, second[at] as number) ? apart || 0 : Infinity;
    if (distance > largest) {
      largest = distance;
      place = at;
    }
  }
  return {
    largest,
    relative: largest === 0 ? 0 : largest / magnitude,
    mean: finite === 0 ? 0 : sum / finite,
    position: positionOf(place, shape),
    differing,
  };
}

/** NaN is NaN, whatever its bits. */
const isSame = (value: number, other: number): boolean =>
  value === other || (Number.isNaN(value) && Number.isNaN(other));

function positionOf(place: number, shape: readonly number[]): number[] {
  let rest = place;
  return shape.map((_, axis) => {
    const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    const index = Math.floor(rest / inner);
    rest -= index * inner;
    return index;
  });
}
