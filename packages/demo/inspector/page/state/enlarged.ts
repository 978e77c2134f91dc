/** The channel that is enlarged, and the value that is pointed at. */
import {computed, effect, signal} from '@preact/signals';
import {colourLimit} from '../../../src/image/colour-limit.js';
import type {ChannelValues} from '../../protocol/feature-maps.js';
import {query} from './engine.js';
import {enlargedChannel, scale, shownMaps} from './layer.js';
import {selectedHook, visibleRun} from './session.js';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

export const cell = signal<Cell>({row: 0, column: 0});
export const opacity = signal(1);
export const enlargedValues = signal<ChannelValues | null>(null);

/** Where the colours end: as in the maps behind the dialog. */
export const enlargedLimit = computed((): number => {
  const values = enlargedValues.value;
  if (values === null) return 1;
  const shared = shownMaps.value?.pictures.pre.limits[0];
  return scale.value === 'shared' && shared !== undefined ? shared : colourLimit(values.pre);
});

/** Starts to read the enlarged channel's values; returns what ends that. */
export function followEnlarged(): () => void {
  return effect(() => {
    const channel = enlargedChannel.value;
    const hook = selectedHook.value;
    const run = visibleRun.value?.name;
    if (channel === null || hook === null || run === undefined) {
      enlargedValues.value = null;
      return;
    }
    void query((engine) => engine.channelValues(run, hook.index, channel)).then((values) => {
      if (values !== undefined && enlargedChannel.value === channel) enlargedValues.value = values;
    });
  });
}

/** Keeps the cell within the map. */
export function pointAt(row: number, column: number): void {
  const values = enlargedValues.value;
  if (values === null) return;
  const within = (at: number, size: number) => Math.min(size - 1, Math.max(0, Math.floor(at)));
  cell.value = {row: within(row, values.height), column: within(column, values.width)};
}
