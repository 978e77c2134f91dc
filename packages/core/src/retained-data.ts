/**
 * Holds tensors' data below the level of Tensors, so that nothing inside a scope can tell.
 *
 * While a scope lasts, what it captured are notes, not Tensors: no tensor is counted, no tape, tidy or
 * profile sees one, and no reference is counted in the backend. Only when the engine gives up the last
 * reference to data that a scope has noted does this file step in: it keeps the data alive, tells the
 * engine that it is gone, and leaves it out of the backend's count of data ids. When the scope ends
 * Tensors are made over the same data, without a copy.
 *
 * How: `disposeData` and `numDataIds` are swapped, by plain stores where they are defined, from a
 * scope's first note on. Holding clones instead was tried: it changes the results of tfjs-core's own tests.
 */
import type {DataType, KernelBackend, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import {methodNamed, swapMethods} from './method-swaps.js';
import type {CoveredBackend, Retained} from './retained-state.js';
import {runtime} from './runtime.js';
import {engineInternals, tapeIsOn} from './tfjs-internals.js';
import type {DataId} from './tfjs-internals.js';

/** A note of a tensor: everything that it takes to make a Tensor of it later. */
export interface TensorNote {
  readonly data: Retained;
  /** Of the tensor: a cast may share its data with what it casts. */
  readonly dtype: DataType;
  shape: number[];
  /** The tensor's id on the gradient tape; null when no tape was on. */
  tapeId: number | null;
  /** The id of what has been reshaped or transposed to this, on the tape and for us alone. */
  from?: number | null;
  /** How its axes were permuted, if they were. */
  perm?: readonly number[];
}

/** Notes a tensor whose references belong to the engine. */
export function noteTensor(
  info: TensorInfo,
  backend: KernelBackend,
  tapeId: number | null,
): TensorNote {
  coverBackend(backend);
  const {dataId, shape, dtype} = info;
  const {retained} = runtime();
  const known = retained.entries.get(dataId);
  if (known) {
    known.notes++;
    return {data: known, dtype, shape, tapeId};
  }
  const data: Retained = {dataId, notes: 1, adoptedFrom: null};
  retained.entries.set(dataId, data);
  return {data, dtype, shape, tapeId};
}

/** Takes over a tensor that a kernel made for us alone: its one reference is ours from now on. */
export function adoptTensor(info: TensorInfo, backend: KernelBackend): TensorNote {
  const note = noteTensor(info, backend, null);
  if (note.data.adoptedFrom === null) adopt(coverBackend(backend), note.data);
  return note;
}

/** Notes the same data once more. */
export function noteAgain(note: TensorNote): TensorNote {
  note.data.notes++;
  return {...note};
}

/** Lets go of a note, and of the data if nobody else has it. */
export function releaseNote({data}: TensorNote): void {
  const {adoptedFrom} = data;
  if (dropNote(data) > 0 || adoptedFrom === null) return;
  disown(adoptedFrom, data);
  if (isReady(adoptedFrom.backend)) adoptedFrom.backend.disposeData(data.dataId);
}

/** The backend that holds what is noted; undefined if that went down. */
export const backendOfNote = ({
  data: {adoptedFrom, dataId},
}: TensorNote): KernelBackend | undefined =>
  adoptedFrom?.backend ?? engineInternals().state.tensorInfo.get(dataId)?.backend;

/**
 * Makes a Tensor of a note, tracked by the tidy in progress; the note is used up.
 *
 * @returns the Tensor, or null if the data went down with its backend
 */
export function tensorOfNote(note: TensorNote): Tensor | null {
  const {data, dtype, shape, tapeId} = note;
  const engine = engineInternals();
  const {dataId, adoptedFrom} = data;
  dropNote(data);
  const backend = backendOfNote(note);
  if (!backend || !isReady(backend)) return null;
  // Our one reference becomes the Tensor's, or it gets one of its own.
  if (adoptedFrom) disown(adoptedFrom, data);
  else backend.incRef(dataId);
  // By the engine, so that it is of the class that all others in this realm are of.
  const tensor = engine.makeTensorFromTensorInfo({dataId, shape, dtype}, backend);
  if (tapeId !== null) {
    // Where the model's own tensor lives on, a second one of the same id would be lost: of two such, a
    // tidy that returns one disposes of neither, and hands that one on alone.
    if (adoptedFrom) (tensor as {id: number}).id = tapeId;
    else if (tapeIsOn()) {
      engine.addTapeNode('Identity', {x: {id: tapeId, shape}}, [tensor], null, [], {});
    }
  }
  return tensor;
}

const STALE_AT_MOST = 1000;

/** @returns how many notes remain */
function dropNote(data: Retained): number {
  const {entries} = runtime().retained;
  if (--data.notes === 0 && entries.size > STALE_AT_MOST) entries.delete(data.dataId);
  return data.notes;
}

/** Whether a backend still exists: `tf.removeBackend` takes its data along. */
function isReady(backend: KernelBackend): boolean {
  const {backendInstance, registry} = engineInternals();
  return backend === backendInstance || Object.values(registry).includes(backend);
}

function adopt(from: CoveredBackend, data: Retained): void {
  data.adoptedFrom = from;
  from.hidden++;
}

function disown(from: CoveredBackend, data: Retained): void {
  data.adoptedFrom = null;
  from.hidden--;
}

/** Covers the backends that are ready. */
function coverReadyBackends(): void {
  Object.values(engineInternals().registry).forEach(coverBackend);
}

function coverBackend(backend: KernelBackend): CoveredBackend {
  const {retained} = runtime();
  const {covered} = retained;
  for (const known of covered) if (known.backend === backend) return known;
  const cover = {backend, hidden: 0};
  covered.push(cover);
  retained.swaps ??= [
    swapMethods(methodNamed<DisposeData>('disposeData'), wrapDisposeData),
    swapMethods(methodNamed<NumDataIds>('numDataIds'), wrapNumDataIds),
  ];
  for (const swaps of retained.swaps) {
    swaps.add(backend);
    swaps.install();
  }
  return cover;
}

/** Puts the methods of all covered backends back. All notes must have been used up or released. */
export function uncoverBackends(): void {
  const {retained} = runtime();
  if (retained.entries.size > 0) retained.entries = new Map();
  for (const swaps of retained.swaps ?? []) swaps.uninstall();
  retained.covered.length = 0;
}

type DisposeData = (this: KernelBackend, dataId: DataId, force?: boolean) => boolean;
type NumDataIds = (this: KernelBackend) => number;

function wrapDisposeData(original: DisposeData): DisposeData {
  const {retained} = runtime();
  return function disposeData(dataId, force) {
    const data = retained.entries.get(dataId);
    if (!data?.notes) return original.call(this, dataId, force);
    const isOurs = data.adoptedFrom?.backend === this;
    if (force === true) {
      // A move to another backend, where the data lives on: that backend must be covered too.
      coverReadyBackends();
      if (isOurs && data.adoptedFrom) disown(data.adoptedFrom, data);
      return original.call(this, dataId, force);
    }
    const references = this.refCount(dataId);
    if (references === 0) return original.call(this, dataId);
    if (references > 1) {
      // To the engine the data is gone as soon as nobody but us has a reference.
      return original.call(this, dataId) || (isOurs && this.refCount(dataId) === 1);
    }
    if (!isOurs) adopt(coverBackend(this), data);
    return true;
  };
}

function wrapNumDataIds(original: NumDataIds): NumDataIds {
  return function numDataIds() {
    return original.call(this) - coverBackend(this).hidden;
  };
}
