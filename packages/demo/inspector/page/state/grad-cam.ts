/** Where in the image a class is seen. */
import {computed, effect, signal, untracked} from '@preact/signals';
import type {HeatMap, HookSummary} from '../../protocol/run.js';
import {engineProcess} from './engine.js';
import {schedule} from './jobs.js';
import {mainRun, model, runInput} from './session.js';

export interface ClassChoice {
  readonly index: number;
  readonly label: string;
}

/** What was chosen; null for what is offered first. */
export const chosenClass = signal<number | null>(null);
export const chosenLayer = signal<string | null>(null);
export const heatOpacity = signal(0.6);
export const heatMap = signal<HeatMap | null>(null);

/** Layers that have maps, in the order of execution. */
export const heatLayers = computed((): readonly HookSummary[] => {
  const hooks = mainRun.value?.hooks ?? [];
  return hooks.filter(({layout}) => layout.height * layout.width > 1);
});
export const heatLayer = computed(() => {
  const isKnown = heatLayers.value.some(({name}) => name === chosenLayer.value);
  return isKnown ? chosenLayer.value : (heatLayers.value.at(-1)?.name ?? null);
});

/** The likeliest first, then all others by their index. */
export const classChoices = computed((): readonly ClassChoice[] => {
  const {classCount, classes} = model.value ?? {};
  const top = mainRun.value?.outputs[0]?.top ?? [];
  const known = new Set(top.map(({index}) => index));
  const others = Array.from({length: classCount ?? 0}, (_, index) => ({
    index,
    label: classes?.[index] ?? `class ${index}`,
  }));
  return [...top, ...others.filter(({index}) => !known.has(index))];
});
export const heatClass = computed(() => {
  const choices = classChoices.value;
  return choices.find(({index}) => index === chosenClass.value) ?? choices[0] ?? null;
});

/** Starts to compute the heat map of what is chosen; returns what ends that. */
export function followHeatMap(): () => void {
  return effect(() => {
    const layer = heatLayer.value;
    const classIndex = heatClass.value?.index;
    heatMap.value = null;
    if (mainRun.value === null || layer === null || classIndex === undefined) return;
    untracked(() => void computeHeatMap(layer, classIndex));
  });
}

function computeHeatMap(layer: string, classIndex: number): Promise<void> {
  const input = runInput.value;
  return schedule('heat map', async (onProgress) => {
    onProgress({stage: 'Computing Grad-CAM', share: null});
    const process = await engineProcess();
    const found = await process.ask((engine) => engine.heatMap({input, layer, classIndex}));
    if (heatLayer.value === layer && heatClass.value?.index === classIndex) heatMap.value = found;
  });
}
