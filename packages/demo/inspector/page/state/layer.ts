/** The layer that is shown: its channels in order, and a page of their maps. */
import {computed, effect, signal, untracked} from '@preact/signals';
import type {ChannelSummary, MapsPicture, ScaleKind, Side} from '../../protocol/feature-maps.js';
import type {HookSummary} from '../../protocol/run.js';
import {query} from './engine.js';
import {selectedHook, visibleRun} from './session.js';
import type {ShownRun} from './session.js';

export const PAGE_SIZE = 64;
export type ChannelOrder = 'activity' | 'index';

export const order = signal<ChannelOrder>('activity');
export const scale = signal<ScaleKind>('shared');
export const page = signal(0);
export const hoveredChannel = signal<number | null>(null);
/** What an edit of channels is about. */
export const chosenChannels = signal<ReadonlySet<number>>(new Set());
export const isChoosing = signal(false);
export const enlargedChannel = signal<number | null>(null);

/** Everything that was read for one view of one layer, together: maps never stand beside other names. */
export interface ShownMaps {
  readonly hook: HookSummary;
  readonly run: ShownRun;
  readonly channels: readonly ChannelSummary[];
  readonly scale: ScaleKind;
  readonly pictures: Readonly<Record<Side, MapsPicture>>;
  /** Of layers whose maps are one value each: those values, by side. */
  readonly values: Readonly<Record<Side, readonly number[]>> | null;
}

interface ReadSummaries {
  readonly hook: HookSummary;
  readonly channels: readonly ChannelSummary[];
  /** The same layer's in the original run: what they are ranked by, so that edits move no map. */
  readonly original: readonly ChannelSummary[];
}

const summaries = signal<ReadSummaries | null>(null);
export const shownMaps = signal<ShownMaps | null>(null);

export const isSingleValue = ({layout}: HookSummary): boolean => layout.height * layout.width === 1;

/** All of the layer's channels, in the order in which they are shown. */
export const orderedChannels = computed((): readonly ChannelSummary[] => {
  if (summaries.value === null || summaries.value.hook !== selectedHook.value) return [];
  const {channels, original} = summaries.value;
  if (order.value === 'index') return channels;
  const activity = ({channel}: ChannelSummary) => original[channel]?.activity ?? 0;
  return [...channels].sort((a, b) => activity(b) - activity(a) || a.channel - b.channel);
});
export const pageCount = computed(() =>
  Math.max(1, Math.ceil((selectedHook.value?.layout.channels ?? 0) / PAGE_SIZE)),
);
const onPage = computed(() =>
  orderedChannels.value.slice(page.value * PAGE_SIZE, (page.value + 1) * PAGE_SIZE),
);

/** Whether other maps than those that are shown were asked for. */
export const areMapsOld = computed(() => {
  const shown = shownMaps.value;
  return (
    shown?.hook !== selectedHook.value ||
    shown.channels !== onPage.value ||
    shown.scale !== scale.value
  );
});

/** Whether the maps that are shown are another layer's, until this one's are there: not to be clicked. */
export const areMapsOfOtherLayer = computed(() => {
  const [shown, selected] = [shownMaps.value?.hook, selectedHook.value];
  return shown?.index !== selected?.index || shown?.name !== selected?.name;
});

/** Starts to follow what is selected; returns what ends that. */
export function followLayer(): () => void {
  const stops = [effect(startAtFirstPage), effect(readSummaries), effect(readMaps)];
  return () => {
    for (const stop of stops) stop();
  };
}

let shownName: string | undefined;
function startAtFirstPage(): void {
  const name = selectedHook.value?.name;
  if (name === shownName) return;
  shownName = name;
  page.value = 0;
  chosenChannels.value = new Set();
  enlargedChannel.value = null;
}

function readSummaries(): void {
  const hook = selectedHook.value;
  const run = visibleRun.value?.name;
  if (hook === null || run === undefined) return;
  const read = query((engine) =>
    Promise.all([engine.channels(run, hook.index), engine.channels('main', hook.index)]),
  );
  void read.then((both) => {
    if (both === undefined || selectedHook.value !== hook) return;
    const [channels, original] = both;
    summaries.value = {hook, channels, original};
  });
}

function readMaps(): void {
  const hook = selectedHook.value;
  const run = visibleRun.value?.name;
  const channels = onPage.value;
  const kind = scale.value;
  if (hook === null || run === undefined || channels.length === 0) return;
  const wanted = {hook: hook.index, scale: kind, channels: channels.map(({channel}) => channel)};
  void untracked(() =>
    query(async (engine) => {
      const [pre, post, values] = await Promise.all([
        engine.maps(run, {...wanted, side: 'pre'}),
        engine.maps(run, {...wanted, side: 'post'}),
        isSingleValue(hook)
          ? Promise.all(wanted.channels.map((each) => engine.channelValues(run, hook.index, each)))
          : null,
      ]);
      return {pre, post, values};
    }),
  ).then((read) => {
    if (read === undefined || onPage.value !== channels || scale.value !== kind) return;
    const {pre, post, values} = read;
    const first = (side: Side) => values?.map((of) => of[side][0] ?? NaN) ?? [];
    shownMaps.value = {
      hook,
      run,
      channels,
      scale: kind,
      pictures: {pre, post},
      values: values === null ? null : {pre: first('pre'), post: first('post')},
    };
  });
}

export function toggleChosen(channel: number): void {
  const next = new Set(chosenChannels.value);
  if (!next.delete(channel)) next.add(channel);
  chosenChannels.value = next;
}

/** The channel that is shown before or after the enlarged one, and its place; null at either end. */
function besideEnlarged(by: 1 | -1): {readonly channel: number; readonly place: number} | null {
  const channels = orderedChannels.value;
  const at = channels.findIndex(({channel}) => channel === enlargedChannel.value);
  const next = at < 0 ? undefined : channels[at + by];
  return next === undefined ? null : {channel: next.channel, place: at + by};
}

export const canStepEnlarged = (by: 1 | -1): boolean => besideEnlarged(by) !== null;

export function stepEnlarged(by: 1 | -1): void {
  const next = besideEnlarged(by);
  if (next === null) return;
  enlargedChannel.value = next.channel;
  page.value = Math.floor(next.place / PAGE_SIZE);
}
