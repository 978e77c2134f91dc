/** Asks processes that run a benchmarked model, with or without capture. */
import type {RunReply, RunRequest} from './plain-predict-process.js';
import {startProcess} from './process-channel.js';
import type {OtherProcess} from './process-channel.js';

/** V8 compiles anew, once, what it had compiled before methods were swapped for the first time. */
const SETTLING_MS = 500;

export function startPlainProcess(model: string): OtherProcess {
  return startProcess('plain-predict-process.js', [model]);
}

export function run(one: OtherProcess, what: RunRequest['run'], times: number): Promise<RunReply> {
  return one.ask<RunReply>({run: what, times} satisfies RunRequest);
}

/**
 * @param patience milliseconds that the warm-up may take, about
 * @returns milliseconds that plain predict takes, about
 */
export async function warmUp(one: OtherProcess, patience: number): Promise<number> {
  await run(one, 'plain', 2);
  const {milliseconds} = await run(one, 'plain', 2);
  const times = Math.max(1, Math.round(patience / milliseconds));
  return (await run(one, 'plain', times)).milliseconds;
}

/** Runs plain predict for a while after the first scope. */
export async function settle(one: OtherProcess, cost: number): Promise<void> {
  await run(one, 'plain', Math.max(3, Math.round(SETTLING_MS / cost)));
}
