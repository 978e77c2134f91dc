import type {BenchmarkResult, ModelResult, ModelResults} from './benchmark-result.js';
import type {BenchmarkedModel} from './benchmarked-models.js';
import type {AfterCaptures} from './compare-after-captures.js';
import {CAPTURES, compareAfterCaptures} from './compare-after-captures.js';
import type {EditRatios} from './compare-edits.js';
import type {AfterScopes} from './compare-after-scopes.js';
import {compareAfterScopes, SCOPES} from './compare-after-scopes.js';
import type {EmptyScopes} from './empty-scopes.js';
import {thisMachine} from './machine.js';
import type {ModelRequest} from './model-process.js';
import {startProcess} from './process-channel.js';

/** Warm-up, before and after, in two processes: a sixth each. */
const AFTER_CAPTURES_SECONDS = 9;

/**
 * Benchmarks the models, each in processes of its own.
 *
 * @param quick measures for a twelfth of the time, and leaves out what happens after scopes and captures
 * @param onModel gets each model's figures as soon as they are there
 */
export async function runBenchmark(
  models: readonly BenchmarkedModel[],
  quick: boolean,
  onModel: (result: ModelResults) => void,
): Promise<BenchmarkResult> {
  const start = performance.now();
  const machine = await thisMachine();
  const results: ModelResults[] = [];
  for (const model of models) {
    const measured = await askOnce<ModelResult>('model-process.js', [model.key], {
      seconds: quick ? model.seconds / 12 : model.seconds,
      fewestSamples: quick ? 1 : 3,
    } satisfies ModelRequest);
    const result = {
      ...measured,
      afterScopes: quick || model.isSlow ? null : await afterScopes(model),
      afterCaptures: quick || !model.isGraph ? null : await afterCaptures(model),
      edits: model.isSlow ? null : await edits(model, quick),
    };
    results.push(result);
    onModel(result);
  }
  console.error('  empty scopes');
  const emptyScopes = await askOnce<EmptyScopes[]>('empty-scope-process.js', [], {
    seconds: quick ? 1 : 4,
  });
  return {
    machine,
    date: new Date().toISOString(),
    seconds: Math.round((performance.now() - start) / 1000),
    models: results,
    emptyScopes,
  };
}

function afterScopes({key, title, seconds}: BenchmarkedModel): Promise<AfterScopes> {
  console.error(`  ${title}: plain predict after ${SCOPES} scopes, and without`);
  return compareAfterScopes(key, Math.max(8, seconds / 4));
}

function afterCaptures({key, title}: BenchmarkedModel): Promise<AfterCaptures> {
  console.error(`  ${title}: plain predict before and after ${CAPTURES} captures`);
  return compareAfterCaptures(key, AFTER_CAPTURES_SECONDS);
}

function edits({key, seconds}: BenchmarkedModel, quick: boolean): Promise<EditRatios> {
  return askOnce<EditRatios>('edits-process.js', [key], {
    seconds: quick ? seconds / 24 : seconds / 3,
    fewestSamples: quick ? 1 : 3,
  } satisfies ModelRequest);
}

async function askOnce<Reply>(module: string, args: string[], request: object): Promise<Reply> {
  const other = startProcess(module, args);
  try {
    return await other.ask<Reply>(request);
  } finally {
    other.stop();
  }
}
