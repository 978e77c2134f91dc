/** Reduced hook points of a capture: their results, also over calls and over captures. */
import {ownerOf} from './activation-record.js';
import type {ReducedEntry} from './reduced-records.js';
import {finishWhenRead} from './finish-when-read.js';
import {disposeResult, ReducerState, tensorsIn} from './reducer-state.js';

export class MergedEntries {
  /** One per hook point and call; results are part of their points. */
  readonly entries: ReducedEntry[];
  /** The same with all calls of a hook point as one; made when asked for. */
  #overCalls: ReducedEntry[] | null = null;

  /**
   * Takes the entries over. Their tensors join the tidy in progress.
   *
   * @param kind what results can be merged with; undefined for a reducer of the user's own
   */
  constructor(
    entries: readonly ReducedEntry[],
    readonly kind: string | undefined,
  ) {
    this.entries = [...entries];
    for (const {reduced} of entries) reduced.settle();
    try {
      entries.forEach(conclude);
    } catch (error) {
      entries.forEach(disposeEntry);
      throw error;
    }
  }

  get overCalls(): readonly ReducedEntry[] {
    return (this.#overCalls ??= [...groupsOf(this.entries).values()].map(([first, ...others]) => {
      const all = first as ReducedEntry;
      return others.length === 0 ? all : sumOf([all, ...others], true);
    }));
  }

  /**
   * Adds those of another capture.
   *
   * @returns those of hook points that are new here
   */
  merge(other: MergedEntries): readonly ReducedEntry[] {
    // Scopes come one after another as a whole: afterwards their calls could not be told apart by scope.
    const isOneCall = [this, other].every(({entries}) => entries.every(isFirstCall));
    const sums = isOneCall ? null : this.overCalls.map((sum) => this.#apartFromEntries(sum));
    if (sums) addEntries(sums, other.overCalls, placeOf);
    const added = addEntries(this.entries, other.entries, keyOf);
    this.#overCalls = sums;
    return added;
  }

  #apartFromEntries(sum: ReducedEntry): ReducedEntry {
    return this.entries.includes(sum) ? sumOf([sum], false) : sum;
  }

  /** All results that may hold tensors. */
  values(): readonly unknown[] {
    const entries = [...this.entries, ...(this.#overCalls ?? [])];
    return entries.filter(({reduced}) => !reduced.isPlain).map(({point}) => point.value);
  }

  dispose(): void {
    this.#disposeOverCalls();
    this.entries.forEach(disposeEntry);
  }

  #disposeOverCalls(): void {
    for (const entry of this.#overCalls ?? []) {
      if (!this.entries.includes(entry)) disposeEntry(entry);
    }
    this.#overCalls = null;
  }
}

/** By what a hook point is, but for its call. */
function groupsOf(entries: readonly ReducedEntry[]): Map<string, ReducedEntry[]> {
  const groups = new Map<string, ReducedEntry[]>();
  const numbers = new Map<object | null, number>();
  for (const entry of entries) {
    const owner = ownerOf(entry);
    const number = numbers.get(owner) ?? numbers.size;
    numbers.set(owner, number);
    const key = `${number} ${placeOf(entry)}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return groups;
}

/** Adds `from` to those that are alike by `keyOf`, and returns those that are new. */
function addEntries(
  into: ReducedEntry[],
  from: readonly ReducedEntry[],
  keyOf: (entry: ReducedEntry) => string,
): ReducedEntry[] {
  const known = new Map<object | null, Map<string, ReducedEntry>>();
  for (const entry of into) {
    const ofOwner = known.get(ownerOf(entry)) ?? new Map<string, ReducedEntry>();
    known.set(ownerOf(entry), ofOwner.set(keyOf(entry), entry));
  }
  const added: ReducedEntry[] = [];
  for (const entry of from) {
    const alike = known.get(ownerOf(entry))?.get(keyOf(entry));
    if (alike) {
      alike.reduced.merge(entry.reduced, false);
      alike.reduced.settle();
      conclude(alike);
    } else {
      added.push(sumOf([entry], false));
    }
  }
  into.push(...added);
  return added;
}

function sumOf(entries: readonly ReducedEntry[], sameInputs: boolean): ReducedEntry {
  const [{point, frame, reduced: first}] = entries as [ReducedEntry];
  const reduced = new ReducerState(first.reducer, first.at);
  const {name, path, activation, kernel, pass, call, slot} = point;
  const sum: ReducedEntry = {
    point: {name, path, activation, kernel, pass, call, slot},
    frame,
    reduced,
  };
  try {
    for (const entry of entries) reduced.merge(entry.reduced, sameInputs);
    reduced.settle();
    conclude(sum);
  } catch (error) {
    reduced.dispose();
    throw error;
  }
  return sum;
}

function conclude({point, reduced}: ReducedEntry): void {
  if (reduced.isPlain) {
    finishWhenRead(point, reduced);
    return;
  }
  const before = tensorsIn(point.value);
  point.value = reduced.finish();
  const after = new Set(tensorsIn(point.value));
  disposeResult(before.filter((tensor) => !after.has(tensor)));
}

function disposeEntry({point, reduced}: ReducedEntry): void {
  if (!reduced.isPlain) disposeResult(point.value);
  reduced.dispose();
}

/** Outside every layer each call is a hook point of its own. */
const isFirstCall = (entry: ReducedEntry): boolean =>
  entry.point.call === 0 || ownerOf(entry) === null;

/** What a hook point is, but for its call and its owner. */
const placeOf = (entry: ReducedEntry): string => {
  const {name, slot, call} = entry.point;
  return `${slot} ${ownerOf(entry) === null ? call : ''} ${name}`;
};

const keyOf = ({point: {name, call, slot}}: ReducedEntry): string => `${name} ${call} ${slot}`;
