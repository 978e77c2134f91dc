/**
 * Is plain predict after many scopes as fast as where there never was one?
 *
 * How: two processes load the same model. One opens its scopes, while the other one runs as often
 * without; then both are timed in turn. So do several such pairs, since a process may share its core
 * with others from its beginning to its end. It cannot be measured in the process that measures
 * captures, where no call of plain predict comes before the first scope. To time a pair before the
 * scopes as well, and take the change, was tried: it doubles the noise.
 */
import {run, settle, startPlainProcess, warmUp} from './plain-process.js';
import type {OtherProcess} from './process-channel.js';
import {medianOf, mediansOfGroups, spreadOf} from './spread.js';
import type {Spread} from './spread.js';

export interface AfterScopes {
  /** Plain predict after the scopes to plain predict without any. */
  readonly ratio: Spread;
  readonly scopes: number;
  /** How many of the scopes captured everything in the model; the others were empty. */
  readonly captures: number;
  /** Milliseconds of plain predict: the first one in a process, and without any scope. */
  readonly firstPlain: number;
  readonly plain: number;
  /** Milliseconds of the first capture in the process: code is compiled, and weights are packed again. */
  readonly firstCapture: number;
  /** The WASM memory before the first capture, after it, and after all scopes; null if not readable. */
  readonly heapBytes: readonly (number | null)[];
}

export const SCOPES = 1000;
const PAIRS_OF_PROCESSES = 3;
/** Samples near each other in time are not independent: a group of them counts as one. */
const GROUPS_PER_PAIR = 5;
const MOST_SAMPLES = 400;
const SAMPLE_MS = 2;

/** @param seconds how long it may take after the models have been loaded, about */
export async function compareAfterScopes(model: string, seconds: number): Promise<AfterScopes> {
  const ratios: number[] = [];
  let first: PairResult | undefined;
  for (let pair = 0; pair < PAIRS_OF_PROCESSES; pair++) {
    const result = await comparePair(model, seconds / PAIRS_OF_PROCESSES);
    first ??= result;
    ratios.push(...result.ratios);
  }
  if (!first) throw new Error('compareAfterScopes: no pair of processes was compared.');
  const {ratios: _, ...others} = first;
  return {...others, ratio: spreadOf(ratios)};
}

interface PairResult extends Omit<AfterScopes, 'ratio'> {
  readonly ratios: number[];
}

async function comparePair(model: string, seconds: number): Promise<PairResult> {
  const scoped = startPlainProcess(model);
  const control = startPlainProcess(model);
  try {
    const firstPlain = await run(scoped, 'plain', 1);
    await warmUp(scoped, (1000 * seconds) / 8);
    const cost = await warmUp(control, (1000 * seconds) / 8);
    const before = await run(scoped, 'plain', 1);
    const first = await run(scoped, 'captured', 1);
    const captures = Math.min(SCOPES, Math.max(3, Math.round((150 * seconds) / cost)));
    await run(scoped, 'captured', captures - 1);
    const last = await run(scoped, 'empty scope', SCOPES - captures);
    await run(control, 'plain', captures);
    for (const one of [scoped, control]) await settle(one, cost);

    const repeats = Math.ceil(SAMPLE_MS / cost);
    const samples = Math.min(
      MOST_SAMPLES,
      Math.max(GROUPS_PER_PAIR, Math.round((250 * seconds) / (repeats * cost))),
    );
    const {ratios, milliseconds} = await timeInTurn(scoped, control, repeats, samples);
    return {
      ratios: mediansOfGroups(ratios, GROUPS_PER_PAIR),
      scopes: SCOPES,
      captures,
      firstPlain: firstPlain.milliseconds,
      plain: medianOf(milliseconds),
      firstCapture: first.milliseconds,
      heapBytes: [before.heapBytes, first.heapBytes, last.heapBytes],
    };
  } finally {
    scoped.stop();
    control.stop();
  }
}

async function timeInTurn(
  scoped: OtherProcess,
  control: OtherProcess,
  repeats: number,
  samples: number,
): Promise<{ratios: number[]; milliseconds: number[]}> {
  const ratios: number[] = [];
  const milliseconds: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const times = new Map<OtherProcess, number>();
    for (const one of sample % 2 === 0 ? [scoped, control] : [control, scoped]) {
      times.set(one, (await run(one, 'plain', repeats)).milliseconds);
    }
    const plain = times.get(control) ?? NaN;
    ratios.push((times.get(scoped) ?? NaN) / plain);
    milliseconds.push(plain);
  }
  return {ratios, milliseconds};
}
