/** The original run beside another one, layer by layer. */
import {transfer} from 'comlink';
import {computed, effect, signal} from '@preact/signals';
import type {Comparison} from '../../protocol/comparison.js';
import {BACKEND_TITLES} from '../../protocol/engine.js';
import type {BackendName, OnProgress} from '../../protocol/engine.js';
import type {Picture, RunInput} from '../../protocol/run.js';
import {acrossWorkers} from '../engine-process.js';
import {engineProcess, secondEngine} from './engine.js';
import {schedule} from './jobs.js';
import {loaded, mainRun, preparation, runInput} from './session.js';

export interface ShownComparison extends Comparison {
  /** What the original was compared with: 'edited', 'WebGL', 'cat.png'. */
  readonly against: string;
}

export const comparison = signal<ShownComparison | null>(null);
export const threshold = signal(1e-3);
export const isLogScale = signal(true);

/** In the order of execution: where two runs part. */
export const firstOver = computed(
  () => comparison.value?.rows.find(({relative}) => relative > threshold.value) ?? null,
);

/** Starts to drop comparisons with runs that are gone; returns what ends that. */
export function followComparison(): () => void {
  return effect(() => {
    if (mainRun.value !== null) comparison.value = null;
  });
}

export function compareWithPicture(picture: Picture): Promise<void> {
  const input: RunInput = {kind: 'image', picture, preparation: preparation.value};
  return schedule('other', async (onProgress) => {
    const process = await engineProcess();
    const progress = acrossWorkers(onProgress);
    await process.ask((engine) => engine.capture('other', {input, edits: []}, progress));
    await compareWith('other', picture.name, onProgress);
  });
}

export function compareWithEdited(): Promise<void> {
  return schedule('other', (onProgress) => compareWith('edited', 'the edited run', onProgress));
}

/** Another worker runs the model on the other backend, and hands its run over. */
export function compareWithBackend(backend: BackendName): Promise<void> {
  return schedule('other', async (onProgress) => {
    const source = loaded.value?.source;
    if (source === undefined) return;
    onProgress({stage: `Starting ${BACKEND_TITLES[backend]}`, share: null});
    const progress = acrossWorkers(onProgress);
    const request = {input: runInput.value, edits: []};
    const second = await secondEngine(backend);
    try {
      await second.ask((engine) => engine.loadModel(source, progress));
      await second.ask((engine) => engine.capture('main', request, progress));
      const captured = await second.ask((engine) => engine.handOver('main'));
      const buffers = captured.values.flatMap(({pre, post}) => [pre.buffer, post.buffer]);
      const process = await engineProcess();
      await process.ask((engine) => engine.takeOver('other', transfer(captured, unique(buffers))));
    } finally {
      second.end();
    }
    await compareWith('other', BACKEND_TITLES[backend], onProgress);
  });
}

async function compareWith(run: string, against: string, onProgress: OnProgress): Promise<void> {
  onProgress({stage: 'Comparing', share: null});
  const process = await engineProcess();
  const found = await process.ask((engine) => engine.compare('main', run, threshold.value));
  comparison.value = {...found, against};
}

/** A buffer that is named twice cannot be transferred. */
const unique = (buffers: readonly ArrayBufferLike[]): ArrayBuffer[] =>
  [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
