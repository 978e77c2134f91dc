/**
 * The inputs that excite each channel most, as arrays of numbers: deep networks have some ten thousand channels, and as many
 * lists of objects keep the garbage collector busy.
 */

/** An input, and how much it excites a channel: its largest value there, wherever in the map. */
export interface TopInput {
  /** Of the input among all, counted over passes and merged captures, from 0. */
  readonly index: number;
  readonly value: number;
}

export interface TopInputs {
  /** How many inputs are kept per channel. */
  readonly k: number;
  /** How many inputs there have been. */
  rows: number;
  kept: KeptInputs;
}

/** In each channel the most exciting input is the first; of equal ones the earlier. */
interface KeptInputs {
  readonly channels: number;
  /** For how many inputs of each channel there is room: never more than k, and fewer while there have been fewer. */
  readonly room: number;
  /** How many each channel has. */
  readonly counts: Int32Array;
  /** What an input must exceed to be among a channel's: the last one's value where there are k. */
  readonly thresholds: Float32Array;
  /** [channels, room] */
  readonly values: Float32Array;
  /** [channels, room] */
  readonly indices: Float64Array;
}

export const emptyTopInputs = (k: number): TopInputs => ({k, rows: 0, kept: NO_ROOM});

/** Adds inputs that come after all others: the largest values of each, [rows, channels], without NaN. */
export function addMaxima(
  state: TopInputs,
  maxima: Float32Array,
  rows: number,
  channels: number,
): void {
  const first = state.rows;
  state.rows += rows;
  if (maxima.length === 0) return;
  const {thresholds} = reserve(state, channels, state.rows);
  for (let row = 0, at = 0; row < rows; row++)
    for (let channel = 0; channel < channels; channel++, at++) {
      const value = maxima[at] as number;
      if (value > (thresholds[channel] as number)) insert(state, channel, first + row, value);
    }
}

/**
 * Adds what another one holds.
 *
 * @param sameInputs whether both had the same inputs: of each the larger value counts
 */
export function mergeTopInputs(state: TopInputs, other: TopInputs, sameInputs: boolean): void {
  const {channels, room, counts, values, indices} = other.kept;
  const from = sameInputs ? 0 : state.rows;
  const rows = sameInputs ? Math.max(state.rows, other.rows) : state.rows + other.rows;
  reserve(state, channels, rows);
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < (counts[channel] as number); i++) {
      const value = values[channel * room + i] as number;
      const index = from + (indices[channel * room + i] as number);
      if (!sameInputs || forget(state.kept, channel, index, value))
        insert(state, channel, index, value);
    }
  state.rows = rows;
}

/** Lists of the caller's, one per channel. */
export function topInputsOf({kept}: TopInputs): TopInput[][] {
  const {channels, room, counts, values, indices} = kept;
  const lists: TopInput[][] = [];
  for (let channel = 0; channel < channels; channel++) {
    const list: TopInput[] = [];
    const start = channel * room;
    for (let at = start; at < start + (counts[channel] as number); at++)
      list.push({index: indices[at] as number, value: values[at] as number});
    lists.push(list);
  }
  return lists;
}

/** Has room for what channels can have after so many inputs. */
function reserve(state: TopInputs, channels: number, rows: number): KeptInputs {
  const before = state.kept;
  const least = Math.min(state.k, rows);
  if (channels <= before.channels && least <= before.room) return before;
  const isFull = least > before.room;
  const room = isFull ? Math.min(state.k, Math.max(least, 2 * before.room)) : before.room;
  const kept = roomFor(Math.max(channels, before.channels), room);
  kept.counts.set(before.counts);
  kept.thresholds.set(before.thresholds);
  for (let channel = 0; channel < before.channels; channel++)
    for (let i = 0; i < (before.counts[channel] as number); i++) {
      kept.values[channel * room + i] = before.values[channel * before.room + i] as number;
      kept.indices[channel * room + i] = before.indices[channel * before.room + i] as number;
    }
  state.kept = kept;
  return kept;
}

/** One buffer: each is more work for the garbage collector. */
function roomFor(channels: number, room: number): KeptInputs {
  const size = channels * room;
  const buffer = new ArrayBuffer(12 * size + 8 * channels);
  return {
    channels,
    room,
    indices: new Float64Array(buffer, 0, size),
    values: new Float32Array(buffer, 8 * size, size),
    thresholds: new Float32Array(buffer, 12 * size, channels).fill(-Infinity),
    counts: new Int32Array(buffer, 12 * size + 4 * channels, channels),
  };
}

const NO_ROOM = roomFor(0, 0);

/** Puts an input where it belongs, if it is among the first k of its channel. */
function insert({k, kept}: TopInputs, channel: number, index: number, value: number): void {
  const {room, counts, thresholds, values, indices} = kept;
  const start = channel * room;
  const count = counts[channel] as number;
  let at = start + count;
  while (at > start && !isBefore(kept, at - 1, index, value)) at--;
  if (at === start + k) return;
  const end = start + Math.min(count + 1, k);
  for (let to = end - 1; to > at; to--) {
    values[to] = values[to - 1] as number;
    indices[to] = indices[to - 1] as number;
  }
  values[at] = value;
  indices[at] = index;
  counts[channel] = end - start;
  if (end === start + k) thresholds[channel] = values[end - 1] as number;
}

const isBefore = ({values, indices}: KeptInputs, at: number, index: number, value: number) =>
  (values[at] as number) > value || (values[at] === value && (indices[at] as number) < index);

/**
 * Takes an input out of its channel, for a larger value of it that is inserted next.
 *
 * @returns false, and leaves it, if its value is not less
 */
function forget(kept: KeptInputs, channel: number, index: number, value: number): boolean {
  const {room, counts, values, indices} = kept;
  const start = channel * room;
  const end = start + (counts[channel] as number);
  let at = start;
  while (at < end && indices[at] !== index) at++;
  if (at === end) return true;
  if ((values[at] as number) >= value) return false;
  for (; at < end - 1; at++) {
    values[at] = values[at + 1] as number;
    indices[at] = indices[at + 1] as number;
  }
  counts[channel] = end - start - 1;
  return true;
}
