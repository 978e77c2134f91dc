/**
 * Times variants in turn, so that a machine that slows down slows all of them.
 *
 * How: a round runs each variant once, in an order drawn anew; ratios are taken within a round and
 * summarised over rounds. Short calls are repeated to a millisecond per sample. Variants without
 * a budget run in every third round only, and slow ones in so few that they take no longer than plain.
 */
import {util} from '@tensorflow/tfjs-core';
import {medianOf, spreadOf} from './spread.js';
import type {Spread} from './spread.js';
import type {TimedVariant} from './variant.js';

export interface Timing {
  readonly milliseconds: Spread;
  /** To the first variant, in the same round. */
  readonly ratio: Spread;
  /** Calls per sample. */
  readonly repeats: number;
}

export interface MeasureOptions {
  /** How long it may take, about. */
  readonly seconds: number;
  /** How often to run even the slowest variant. */
  readonly fewestSamples: number;
  readonly onProgress: (sentence: string) => void;
}

interface Measured<V extends TimedVariant> {
  readonly variant: V;
  readonly repeats: number;
  /** Milliseconds per call, about. */
  readonly cost: number;
  /** In which share of the rounds it runs. */
  readonly share: number;
  readonly samples: number[];
  readonly ratios: number[];
}

/** Shorter than the time that a busy machine gives to one process at a stretch. */
const SAMPLE_MS = 1;
const FEWEST_ROUNDS = 5;
const MOST_ROUNDS = 1000;
/** What takes longer than this has warmed up when it has run once. */
const SLOW_MS = 500;

/** @param variants the first one is what the others are compared with */
export async function measureInterleaved<V extends TimedVariant>(
  variants: readonly V[],
  {seconds, fewestSamples, onProgress}: MeasureOptions,
): Promise<Map<V, Timing>> {
  onProgress('warming up');
  const measured = await warmUp(variants, seconds);
  const roundMs = measured.reduce((sum, {cost, repeats, share}) => sum + share * repeats * cost, 0);
  const rounds = Math.round(
    Math.min(MOST_ROUNDS, Math.max(FEWEST_ROUNDS, (1000 * seconds) / roundMs)),
  );
  const every = Math.ceil(rounds / 4);
  for (let round = 0; round < rounds; round++) {
    if (round % every === 0) onProgress(`round ${round + 1} of ${rounds}`);
    await runRound(measured.filter((one) => isDue(one, round, rounds, fewestSamples)));
  }
  return new Map(
    measured.map(({variant, samples, ratios, repeats}) => [
      variant,
      {milliseconds: spreadOf(samples), ratio: spreadOf(ratios), repeats},
    ]),
  );
}

/** V8 compiles and XNNPACK packs weights during the first calls. */
async function warmUp<V extends TimedVariant>(
  variants: readonly V[],
  seconds: number,
): Promise<Measured<V>[]> {
  const patience = Math.min(400, Math.max(150, (1000 * seconds) / 30));
  const costs: number[] = [];
  for (let turn = 0; turn < 2; turn++) {
    for (const [index, variant] of variants.entries()) {
      if ((costs[index] ?? 0) > SLOW_MS) continue;
      const calls: number[] = [];
      const start = performance.now();
      do calls.push(await timed(variant, 1));
      while (performance.now() - start < patience / 2);
      costs[index] = medianOf(calls);
    }
  }
  const plain = costs[0] ?? NaN;
  return variants.map((variant, index) => {
    const cost = costs[index] ?? NaN;
    return {
      variant,
      cost,
      repeats: Math.ceil(SAMPLE_MS / cost),
      share: variant.isBudgeted ? 1 : Math.min(1 / 3, plain / cost),
      samples: [],
      ratios: [],
    };
  });
}

/** Spreads a variant's turns evenly over the rounds. */
function isDue(
  {share}: Measured<TimedVariant>,
  round: number,
  rounds: number,
  fewest: number,
): boolean {
  const turns = Math.min(rounds, Math.max(fewest, share * rounds));
  return Math.floor(((round + 1) * turns) / rounds) > Math.floor((round * turns) / rounds);
}

async function runRound(due: Measured<TimedVariant>[]): Promise<void> {
  const [plain] = due;
  const times = new Map<Measured<TimedVariant>, number>();
  // What takes long would part the others from the plain call that they are compared with.
  const short = due.filter(({cost}) => cost < 3 * (plain?.cost ?? NaN));
  const long = due.filter((one) => !short.includes(one));
  util.shuffle(short);
  util.shuffle(long);
  for (const one of [...short, ...long]) times.set(one, await timed(one.variant, one.repeats));
  const base = (plain && times.get(plain)) ?? NaN;
  for (const [{samples, ratios}, time] of times) {
    samples.push(time);
    ratios.push(time / base);
  }
}

/** Milliseconds per call. */
async function timed(variant: TimedVariant, repeats: number): Promise<number> {
  const undo = variant.prepare?.();
  try {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) {
      const running = variant.run();
      // An await costs microseconds, so those that need none get none.
      if (running !== undefined) await running;
    }
    return (performance.now() - start) / repeats;
  } finally {
    undo?.();
  }
}
