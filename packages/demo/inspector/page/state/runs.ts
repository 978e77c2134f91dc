/** Loading models and running them, as jobs. */
import {batch} from '@preact/signals';
import type {ExampleModel, ModelSource} from '../../protocol/model.js';
import type {Picture} from '../../protocol/run.js';
import {acrossWorkers} from '../engine-process.js';
import {endEngine, engineProcess} from './engine.js';
import {activity, schedule} from './jobs.js';
import {pictureFromUrl} from './picture.js';
import {place} from './place.js';
import {
  editedRun,
  edits,
  loaded,
  mainRun,
  picture,
  ranInput,
  runInput,
  selectedIndex,
  shownRun,
  usePreparationOf,
} from './session.js';

/** An example's image is read beside its model. */
export async function openExample(example: ExampleModel): Promise<void> {
  await openModel({kind: 'example', example}, () => pictureFromUrl(example.imageUrl));
}

/**
 * Loads a model, and runs it at once if there is an image for it or it takes none. If loading fails, what
 * was there stays.
 */
export async function openModel(
  source: ModelSource,
  findPicture: () => Promise<Picture> | null,
): Promise<void> {
  // Whoever opens another model no longer waits for the one before.
  if (activity.value !== null && loaded.value === null) endEngine();
  await schedule('model', async (onProgress) => {
    onProgress({stage: 'Starting the engine', share: null});
    const process = await engineProcess();
    const progress = acrossWorkers(onProgress);
    const [info, found] = await Promise.all([
      process.ask((engine) => engine.loadModel(source, progress)),
      findPicture(),
    ]);
    batch(() => {
      forgetRuns();
      loaded.value = {source, info};
      usePreparationOf(source);
      if (found !== null) picture.value = found;
      place.value = 'workspace';
    });
    if (picture.value !== null || info.imageInput === null) void runMain();
  });
}

function forgetRuns(): void {
  mainRun.value = editedRun.value = ranInput.value = selectedIndex.value = null;
  edits.value = [];
  shownRun.value = 'main';
}

/** Runs the model on the input as it is then, and again with the edits if there are any. */
export async function runMain(): Promise<void> {
  await schedule('main', async (onProgress) => {
    const process = await engineProcess();
    const request = {input: runInput.value, edits: []};
    const progress = acrossWorkers(onProgress);
    const summary = await process.ask((engine) => engine.capture('main', request, progress));
    batch(() => {
      mainRun.value = summary;
      ranInput.value = request.input;
      selectedIndex.value ??= summary.hooks.length > 0 ? 0 : null;
    });
  });
  if (edits.value.length > 0) await runEdited();
}

/** Runs the model with the edits as they are then. */
export async function runEdited(): Promise<void> {
  await schedule('edited', async (onProgress) => {
    if (mainRun.value === null || edits.value.length === 0) return;
    const process = await engineProcess();
    const request = {input: runInput.value, edits: edits.value};
    const progress = acrossWorkers(onProgress);
    editedRun.value = await process.ask((engine) => engine.capture('edited', request, progress));
  });
}

export function usePicture(taken: Picture | null): void {
  picture.value = taken;
  if (loaded.value === null) return;
  place.value = 'workspace';
  void runMain();
}
