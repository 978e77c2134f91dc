/** What is loaded and what was run: the facts that all views are drawn from. */
import {computed, signal} from '@preact/signals';
import type {BackendName} from '../../protocol/engine.js';
import type {ExampleModel, ModelInfo, ModelSource, Preparation} from '../../protocol/model.js';
import type {LayerEdit, Picture, RunInput, RunSummary} from '../../protocol/run.js';

export interface LoadedSource {
  readonly source: ModelSource;
  readonly info: ModelInfo;
}

/** Runs by the names under which the engine keeps them. */
export type ShownRun = 'main' | 'edited';

/** For images of people's own models, whose preparation nobody has told. */
const USUAL_PREPARATION: Preparation = {range: '0 to 1', longestSide: 256};

export const examples = signal<readonly ExampleModel[] | null>(null);
export const backend = signal<BackendName>('wasm');
export const loaded = signal<LoadedSource | null>(null);
/** Null where noise goes in. */
export const picture = signal<Picture | null>(null);
export const preparation = signal<Preparation>(USUAL_PREPARATION);
export const seed = signal(1);

export const mainRun = signal<RunSummary | null>(null);
/** What the runs got, which is not what is chosen while another run is on its way. */
export const ranInput = signal<RunInput | null>(null);
export const editedRun = signal<RunSummary | null>(null);
export const edits = signal<readonly LayerEdit[]>([]);
export const shownRun = signal<ShownRun>('main');

export const model = computed(() => loaded.value?.info ?? null);
/** The run that the outline, the layer and the output are drawn from, and its name. */
export const visibleRun = computed(() => {
  const isEdited = shownRun.value === 'edited' && editedRun.value !== null;
  const name: ShownRun = isEdited ? 'edited' : 'main';
  const summary = isEdited ? editedRun.value : mainRun.value;
  return summary === null ? null : {name, summary};
});

export const selectedIndex = signal<number | null>(null);
export const selectedHook = computed(() => {
  const index = selectedIndex.value;
  return index === null ? null : (visibleRun.value?.summary.hooks[index] ?? null);
});

/** What the model gets: the picture, or noise where there is none or nowhere to put it. */
export const runInput = computed((): RunInput => {
  const taken = picture.value;
  if (taken === null || model.value?.imageInput === null) return {kind: 'noise', seed: seed.value};
  return {kind: 'image', picture: taken, preparation: preparation.value};
});

export function usePreparationOf(source: ModelSource): void {
  preparation.value = source.kind === 'example' ? source.example.preparation : USUAL_PREPARATION;
}

/** After a run was given up: what is chosen is again what the runs got. */
export function returnToRanInput(): void {
  const input = ranInput.value;
  if (input === null) return;
  picture.value = input.kind === 'image' ? input.picture : null;
  if (input.kind === 'image') preparation.value = input.preparation;
  else seed.value = input.seed;
}
