/** What a scope has reduced so far: one state per hook point, whatever the number of passes. */
import {outsideScopes, releaseNote, tensorOfNote, untaped} from '@tfjs-capture/core';
import type {CapturedCall, Frame, RecordKind, TensorNote} from '@tfjs-capture/core';
import {concat, tidy} from '@tensorflow/tfjs-core';
import type {KernelBackend, Tensor1D, TensorInfo} from '@tensorflow/tfjs-core';
import {ownerOf} from './activation-record.js';
import type {ActivationRecord} from './activation-record.js';
import {reducedPointOf} from './reduced-point.js';
import {isInPlace} from './reducer.js';
import type {Reducer} from './reducer.js';
import {ReducerState} from './reducer-state.js';

/** One hook point, and what its values have been reduced to. */
export interface ReducedEntry {
  /** As it was in the first pass that has been reduced; its value, once that is known. */
  readonly point: {-readonly [K in keyof ActivationRecord]: ActivationRecord[K]};
  readonly frame: Frame | null;
  readonly reduced: ReducerState;
}

/** What has been reduced on a device, and not read back yet. */
interface Pending {
  readonly entry: ReducedEntry;
  readonly note: TensorNote;
  readonly shape: readonly number[];
  readonly pass: number;
}

/** So many values at most wait to be read back: data sets run in one scope, too. */
const PENDING_AT_MOST = 2 ** 22;

export class ReducedRecords {
  readonly #reducer: Reducer<unknown>;
  readonly #entries = new Map<unknown, Map<string, ReducedEntry>>();
  /** In the order of their first values. */
  readonly #order: ReducedEntry[] = [];
  #pending: Pending[] = [];
  #pendingSize = 0;

  constructor(reducer: Reducer<unknown>) {
    this.#reducer = reducer;
  }

  /** What results can be merged with; undefined for a reducer of the user's own. */
  get kind(): string | undefined {
    return isInPlace(this.#reducer) ? this.#reducer.kind : undefined;
  }

  /** Whether `read` is at hand. */
  get isInPlace(): boolean {
    return isInPlace(this.#reducer);
  }

  /** Adds a pre-activation in the backend's memory, which is not needed afterwards. */
  read(call: CapturedCall, pre: TensorInfo, backend: KernelBackend): void {
    this.#entryOf(call, 'pre', pre.shape.length).reduced.read(pre, backend, call.point.pass);
  }

  /** Adds a value of a hook point. The note stays the caller's. */
  add(call: CapturedCall, kind: RecordKind, note: TensorNote): void {
    const entry = this.#entryOf(call, kind, note.shape.length);
    const reduced = entry.reduced.step(note, call.point.pass);
    if (!reduced) return;
    this.#pending.push({entry, note: reduced, shape: note.shape, pass: call.point.pass});
    this.#pendingSize += reduced.shape[0] ?? 0;
    if (this.#pendingSize > PENDING_AT_MOST) this.#readBack();
  }

  /** All hook points in the order of their first values; nothing waits to be read back any more. */
  entries(): readonly ReducedEntry[] {
    this.#readBack();
    return this.#order;
  }

  dispose(): void {
    for (const {note} of this.#pending) releaseNote(note);
    this.#pending = [];
    for (const {reduced} of this.#order) reduced.dispose();
  }

  #entryOf(call: CapturedCall, kind: RecordKind, rank: number): ReducedEntry {
    const {point, frame} = call;
    const owner = ownerOf(call);
    const key = `${point.name} ${point.call} ${point.slot}`;
    let ofOwner = this.#entries.get(owner);
    if (ofOwner === undefined)
      this.#entries.set(owner, (ofOwner = new Map<string, ReducedEntry>()));
    let entry = ofOwner.get(key);
    if (entry === undefined) {
      // A call's own point becomes the record, since the call goes no further.
      const reduced = new ReducerState(this.#reducer, reducedPointOf(call, kind, rank));
      entry = {point, frame, reduced};
      ofOwner.set(key, entry);
      this.#order.push(entry);
    }
    return entry;
  }

  /** Once for all that waits. */
  #readBack(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    this.#pendingSize = 0;
    const sizes = pending.map(({note}) => note.shape[0] ?? 0);
    const read = (): Float32Array => {
      const reduced = pending.map(({note}) => tensorOfNote(note) as Tensor1D);
      return concat(reduced).dataSync<'float32'>();
    };
    const all = tidy(() => outsideScopes(() => untaped(read)));
    let from = 0;
    pending.forEach(({entry, shape, pass}, i) => {
      const size = sizes[i] as number;
      entry.reduced.absorb(all.subarray(from, from + size), shape, pass);
      from += size;
    });
  }
}
