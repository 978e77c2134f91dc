/** The channel that is enlarged, and the value that is pointed at. */
import {computed, effect, signal} from '@preact/signals';
import {colourLimit} from '../../../src/image/colour-limit.js';
import type {ChannelValues} from '../../protocol/feature-maps.js';
import {query} from './engine.js';
import {enlargedChannel, shownMaps} from './layer.js';
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
  const {channels, scale, pictures} = shownMaps.value ?? {};
  const place = channels?.findIndex(({channel}) => channel === enlargedChannel.value) ?? -1;
  const limit = pictures?.pre.limits[scale === 'shared' ? 0 : place];
  if (limit !== undefined) return limit;
  // The next page's maps are on their way.
  const values = enlargedValues.value;
  return values === null ? 1 : colourLimit(values.pre);
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
      if (values === undefined || enlargedChannel.value !== channel) return;
      enlargedValues.value = values;
      // The map before this one may have been larger.
      pointAt(cell.value.row, cell.value.column);
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
