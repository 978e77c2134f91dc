/** What keeps the engine busy: one job at a time, the newest of its kind. */
import {computed, signal} from '@preact/signals';
import type {OnProgress, Progress} from '../../protocol/engine.js';
import {Cancelled} from '../engine-process.js';
import {showError} from './alert.js';

/** A job of one kind that has not begun is replaced by the next one of that kind. */
export type JobKind = 'engine' | 'model' | 'main' | 'edited' | 'other' | 'heat map' | 'save';

interface Job {
  readonly kind: JobKind;
  readonly task: (onProgress: OnProgress) => Promise<void>;
  readonly done: () => void;
}

interface Activity extends Progress {
  readonly kind: JobKind;
}

/** What runs now; null when nothing does. */
export const activity = signal<Activity | null>(null);
export const isBusy = computed(() => activity.value !== null);
/** What was last finished, for those who cannot see the bar go away. */
export const lastFinished = signal('');

const waiting: Job[] = [];
let isDraining = false;

/** Puts a job at the end; resolves when it is over, one way or another. Its errors are shown. */
export function schedule(kind: JobKind, task: Job['task']): Promise<void> {
  return new Promise((done) => {
    const replaced = waiting.findIndex((job) => job.kind === kind);
    if (replaced >= 0) waiting.splice(replaced, 1)[0]?.done();
    waiting.push({kind, task, done});
    void drain();
  });
}

/** Drops all that has not begun. What has begun goes on until its engine ends. */
export function dropWaiting(): void {
  for (const job of waiting.splice(0)) job.done();
}

async function drain(): Promise<void> {
  if (isDraining) return;
  isDraining = true;
  for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await carryOut(job);
  isDraining = false;
}

async function carryOut({kind, task, done}: Job): Promise<void> {
  let last = 'Starting';
  let isOver = false;
  activity.value = {kind, stage: last, share: null};
  try {
    await task((progress) => {
      // A worker's last report may come after its result.
      if (isOver) return;
      last = progress.stage;
      activity.value = {kind, ...progress};
    });
    lastFinished.value = `${last}: done.`;
  } catch (error) {
    lastFinished.value = error instanceof Cancelled ? `${last}: cancelled.` : `${last}: failed.`;
    showError(error);
  } finally {
    isOver = true;
    if (waiting.length === 0) activity.value = null;
    done();
  }
}
