import {startProgress} from '../report/progress.js';

/** Milliseconds, medians of alternating runs. */
export interface Times {
  readonly plain: number;
  readonly captured: number;
  readonly runs: number;
}

/**
 * Times two functions in turn, so that a machine that slows down slows both: as often as fits into
 * `budget` milliseconds, but 3 to 15 times. Both must have run before, since a first run compiles
 * and packs weights.
 */
export async function compareTimes(
  plain: () => Promise<void>,
  captured: () => Promise<void>,
  budget = 6000,
): Promise<Times> {
  const samples = {plain: [await timed(plain)], captured: [await timed(captured)]};
  const pair = median(samples.plain) + median(samples.captured);
  const runs = Math.min(15, Math.max(3, Math.round(budget / pair)));
  const progress = startProgress('Timing', runs);
  while (samples.plain.length < runs) {
    progress.step('');
    samples.plain.push(await timed(plain));
    samples.captured.push(await timed(captured));
  }
  progress.end();
  return {plain: median(samples.plain), captured: median(samples.captured), runs};
}

export function timesLine({plain, captured, runs}: Times): string {
  return (
    `plain predict ${plain.toFixed(1)} ms, capture of all ${captured.toFixed(1)} ms: ` +
    `${(captured / plain).toFixed(2)} × (medians of ${runs} alternating runs)`
  );
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
