/**
 * Holds tensors' data below the level of Tensors, so that nothing inside a scope can tell.
 *
 * While a scope lasts, what it captured are notes, not Tensors: no tensor is counted, no tape, tidy or
 * profile sees one, and no reference is counted in the backend. Only when the engine gives up the last
 * reference to data that a scope has noted does this file step in: it keeps the data alive, tells the
 * engine that it is gone, and leaves it out of the backend's count of data ids. When the scope ends
 * Tensors are made over the same data, without a copy.
 *
 * How: `disposeData` and `numDataIds` are swapped, by plain stores where they are defined, while a
 * scope is open. Holding clones instead was tried: it changes the results of tfjs-core's own tests.
 */
import {Tensor} from '@tensorflow/tfjs-core';
import type {DataType, KernelBackend, TensorInfo} from '@tensorflow/tfjs-core';
import type {MethodSwap, Retained} from './retained-state.js';
import {runtime} from './runtime.js';
import {engineInternals} from './tfjs-internals.js';
import type {DataId} from './tfjs-internals.js';

/** A note of a tensor: everything that it takes to make a Tensor of it later. */
export interface TensorNote {
  readonly dataId: DataId;
  shape: number[];
  readonly dtype: DataType;
  readonly backend: KernelBackend;
  /** The tensor's id on the gradient tape; null when no tape was on. */
  tapeId: number | null;
}

/** Notes a tensor whose references belong to the engine. */
export function noteTensor(
  info: TensorInfo,
  backend: KernelBackend,
  tapeId: number | null,
): TensorNote {
  coverBackend(backend);
  const {entries} = runtime().retained;
  const entry = entries.get(info.dataId);
  if (entry) entry.notes++;
  else entries.set(info.dataId, {notes: 1, adoptedFrom: null});
  return {dataId: info.dataId, shape: info.shape, dtype: info.dtype, backend, tapeId};
}

/** Takes over a tensor that a kernel made for us alone: its one reference is ours from now on. */
export function adoptTensor(info: TensorInfo, backend: KernelBackend): TensorNote {
  const note = noteTensor(info, backend, null);
  const entry = runtime().retained.entries.get(info.dataId);
  if (entry && !entry.adoptedFrom) adopt(backend, entry);
  return note;
}

/** Notes the same data once more. */
export function noteAgain(note: TensorNote): TensorNote {
  const entry = runtime().retained.entries.get(note.dataId);
  if (entry) entry.notes++;
  return {...note};
}

/** Lets go of a note, and of the data if nobody else has it. */
export function releaseNote(note: TensorNote): void {
  const {entries} = runtime().retained;
  const entry = entries.get(note.dataId);
  if (!entry || --entry.notes > 0) return;
  entries.delete(note.dataId);
  const backend = entry.adoptedFrom;
  if (backend === null) return;
  disown(backend, entry);
  if (isReady(backend)) backend.disposeData(note.dataId);
}

/**
 * Makes a Tensor of a note, tracked by the tidy in progress; the note is used up.
 *
 * @returns the Tensor, or null if the data went down with its backend
 */
export function tensorOfNote(note: TensorNote): Tensor | null {
  const engine = engineInternals();
  const {entries} = runtime().retained;
  const entry = entries.get(note.dataId);
  if (!entry) return null;
  const backend = entry.adoptedFrom ?? engine.state.tensorInfo.get(note.dataId)?.backend;
  if (--entry.notes === 0) entries.delete(note.dataId);
  if (!backend || !isReady(backend) || backend.refCount(note.dataId) === 0) return null;
  // Our one reference becomes the Tensor's, or it gets one of its own.
  if (entry.adoptedFrom) disown(backend, entry);
  else backend.incRef(note.dataId);
  const id = note.tapeId ?? engine.nextTensorId();
  const tensor = new Tensor(note.shape, note.dtype, note.dataId, id);
  engine.trackTensor(tensor, backend);
  return tensor;
}

/** Whether a backend still exists: `tf.removeBackend` takes its data along. */
function isReady(backend: KernelBackend): boolean {
  const {registry} = engineInternals();
  for (const name in registry) {
    if (registry[name] === backend) return true;
  }
  return false;
}

function adopt(backend: KernelBackend, entry: Retained): void {
  entry.adoptedFrom = backend;
  hide(backend, 1);
}

function disown(backend: KernelBackend, entry: Retained): void {
  entry.adoptedFrom = null;
  hide(backend, -1);
}

function hide(backend: KernelBackend, change: number): void {
  const {hidden} = runtime().retained;
  hidden.set(backend, (hidden.get(backend) ?? 0) + change);
}

/** Covers the backends that are ready. @returns the undo */
export function installRetention(): () => void {
  coverReadyBackends();
  return uninstallRetention;
}

/** Covers backends that have become ready since. */
export function coverReadyBackends(): void {
  const {registry} = engineInternals();
  for (const name in registry) {
    const backend = registry[name];
    if (backend) coverBackend(backend);
  }
}

function coverBackend(backend: KernelBackend): void {
  const {swaps, installed, covered} = runtime().retained;
  if (covered.has(backend)) return;
  covered.add(backend);
  const holder = holderOf(backend);
  let swap = swaps.get(holder);
  if (swap && installed.has(swap)) return;
  if (!swap || swap.original.disposeData !== holder.disposeData || swap.original.numDataIds !== holder.numDataIds) {
    swap = makeSwap(holder);
    swaps.set(holder, swap);
  }
  installed.add(swap);
  holder.disposeData = swap.ours.disposeData;
  holder.numDataIds = swap.ours.numDataIds;
}

function uninstallRetention(): void {
  const {installed, covered} = runtime().retained;
  for (const {holder, original, ours} of installed) {
    if (holder.disposeData === ours.disposeData) holder.disposeData = original.disposeData;
    if (holder.numDataIds === ours.numDataIds) holder.numDataIds = original.numDataIds;
  }
  installed.clear();
  covered.clear();
}

function holderOf(backend: KernelBackend): KernelBackend {
  let holder: KernelBackend = backend;
  while (!Object.hasOwn(holder, 'disposeData')) {
    const next = Object.getPrototypeOf(holder) as KernelBackend | null;
    if (next === null) return backend;
    holder = next;
  }
  return holder;
}

function makeSwap(holder: KernelBackend): MethodSwap {
  const {disposeData, numDataIds} = holder;
  return {
    holder,
    original: {disposeData, numDataIds},
    ours: {
      disposeData(this: KernelBackend, dataId: DataId, force?: boolean): boolean {
        const entry = runtime().retained.entries.get(dataId);
        if (entry === undefined) return disposeData.call(this, dataId, force);
        const isOurs = entry.adoptedFrom === this;
        if (force === true) {
          // A move to another backend, where the data lives on: that backend must be covered too.
          coverReadyBackends();
          if (isOurs) disown(this, entry);
          return disposeData.call(this, dataId, force);
        }
        if (this.refCount(dataId) > 1) {
          // To the engine the data is gone as soon as nobody but us has a reference.
          return disposeData.call(this, dataId) || (isOurs && this.refCount(dataId) === 1);
        }
        if (!isOurs) adopt(this, entry);
        return true;
      },
      numDataIds(this: KernelBackend): number {
        return numDataIds.call(this) - (runtime().retained.hidden.get(this) ?? 0);
      },
    },
  };
}
