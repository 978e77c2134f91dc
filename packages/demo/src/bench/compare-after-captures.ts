/**
 * Is plain predict of a model after a thousand captures of it as fast as before them, in one process?
 *
 * How: one process times plain predict, captures, lets V8 settle, and times plain predict again. Memory
 * lies where it lay before, unlike in two processes (see `compare-after-scopes.ts`). But time goes by
 * in between, and a machine drifts: a second process, which captures nothing, is timed right after the
 * first one, both times, and shows by how much.
 */
import {run, settle, startPlainProcess, warmUp} from './plain-process.js';
import type {OtherProcess} from './process-channel.js';
import {mediansOfGroups, spreadOf} from './spread.js';
import type {Spread} from './spread.js';

export interface AfterCaptures {
  /** Plain predict after the captures to plain predict before them. */
  readonly ratio: Spread;
  /** The same of a process that has captured nothing meanwhile. */
  readonly drift: Spread;
  /** Milliseconds of plain predict. */
  readonly before: Spread;
  readonly after: Spread;
}

export const CAPTURES = 1000;
/** Samples near each other in time are not independent: a group of them counts as one. */
const GROUPS = 15;

/** @param seconds how long plain predict is timed, about; loading and the captures come on top */
export async function compareAfterCaptures(model: string, seconds: number): Promise<AfterCaptures> {
  const one = startPlainProcess(model);
  const control = startPlainProcess(model);
  try {
    const patience = (1000 * seconds) / 6;
    await warmUp(one, patience);
    const cost = await warmUp(control, patience);
    const samples = Math.max(GROUPS, Math.round(patience / cost));
    const before = await timePlain(one, samples);
    const controlBefore = await timePlain(control, samples);
    await run(one, 'captured', CAPTURES);
    await settle(one, cost);
    const after = await timePlain(one, samples);
    await settle(control, cost);
    const controlAfter = await timePlain(control, samples);
    return {
      ratio: ratioOfSeries(after, before, GROUPS),
      drift: ratioOfSeries(controlAfter, controlBefore, GROUPS),
      before: spreadOf(before),
      after: spreadOf(after),
    };
  } finally {
    one.stop();
    control.stop();
  }
}

/**
 * The ratio of two series of samples that were not taken in turn: the first group of the one to the
 * first group of the other, and so on.
 */
export function ratioOfSeries(
  after: readonly number[],
  before: readonly number[],
  groups: number,
): Spread {
  const base = mediansOfGroups(before, groups);
  const ratios = mediansOfGroups(after, groups).map(
    (median, group) => median / (base[group] ?? NaN),
  );
  return spreadOf(ratios);
}

/** Milliseconds of each call. */
async function timePlain(one: OtherProcess, samples: number): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    milliseconds.push((await run(one, 'plain', 1)).milliseconds);
  }
  return milliseconds;
}
