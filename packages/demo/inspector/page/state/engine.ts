/** The page's engine, and what brings it back after it was ended. */
import type {Remote} from 'comlink';
import type {BackendName, Engine, OnProgress} from '../../protocol/engine.js';
import {Cancelled, acrossWorkers, startEngine} from '../engine-process.js';
import type {EngineProcess} from '../engine-process.js';
import {showError} from './alert.js';
import {activity, dropWaiting, schedule} from './jobs.js';
import {
  backend,
  editedRun,
  edits,
  loaded,
  mainRun,
  ranInput,
  returnToRanInput,
  runInput,
} from './session.js';

let current: EngineProcess | null = null;
/** On another backend, while runs are compared. */
let second: EngineProcess | null = null;

/** The engine on the chosen backend, started if there is none. */
export async function engineProcess(): Promise<EngineProcess> {
  return current ?? startEngine(backend.value, (process) => (current = process));
}

/** Another engine beside the page's own. Whoever asks for it ends it; `cancel` does, too. */
export async function secondEngine(other: BackendName): Promise<EngineProcess> {
  return startEngine(other, (process) => (second = process));
}

/** Asks the engine; what goes wrong is shown, and gives undefined. Not for what takes long: that is a job. */
export async function query<T>(
  task: (engine: Remote<Engine>) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await (await engineProcess()).ask(task);
  } catch (error) {
    showError(error);
    return undefined;
  }
}

/** Ends the job that runs, and the engine with it; brings another engine to where the page is. */
export function cancel(): void {
  const cancelled = activity.value?.kind;
  endEngine();
  if (cancelled === 'engine') {
    // Whoever cancels that as well has to run the model again.
    mainRun.value = editedRun.value = null;
    return;
  }
  returnToRanInput();
  if (loaded.value !== null) void schedule('engine', restore);
}

/** Whatever waits is dropped, and what runs is rejected as cancelled. */
export function endEngine(): void {
  dropWaiting();
  current?.end();
  second?.end();
  current = second = null;
}

/** Goes over to another backend with the model and its runs; stays with the old one if that fails. */
export function useBackend(chosen: BackendName): void {
  const before = backend.value;
  if (chosen === before) return;
  endEngine();
  backend.value = chosen;
  void schedule('engine', async (onProgress) => {
    try {
      await restore(onProgress);
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      showError(error);
      endEngine();
      backend.value = before;
      await restore(onProgress);
    }
  });
}

/** A new engine knows nothing: the model is loaded, and what was run is run again. */
async function restore(onProgress: OnProgress): Promise<void> {
  const tell: OnProgress = ({stage, share}) => {
    onProgress({stage: `Bringing the model back: ${stage}`, share});
  };
  tell({stage: 'Starting the engine', share: null});
  const process = await engineProcess();
  const source = loaded.value?.source;
  if (source === undefined) return;
  const progress = acrossWorkers(tell);
  const request = {input: ranInput.value ?? runInput.value, edits: []};
  await process.ask((engine) => engine.loadModel(source, progress));
  if (mainRun.value === null) return;
  mainRun.value = await process.ask((engine) => engine.capture('main', request, progress));
  if (editedRun.value === null) return;
  const edited = {...request, edits: edits.value};
  editedRun.value = await process.ask((engine) => engine.capture('edited', edited, progress));
}
