/** Gives notes other shapes, on the gradient tape where they are on one. */
import {reshape, Tensor, transpose, util} from '@tensorflow/tfjs-core';
import type {KernelBackend, KernelConfig} from '@tensorflow/tfjs-core';
import type {CapturedCall} from './captured-call.js';
import {originalKernel} from './kernel-registry.js';
import {adoptTensor, noteTensor, releaseNote} from './retained-data.js';
import type {TensorNote} from './retained-data.js';
import {single} from './split-fused-kernel.js';
import {backendOf, engineInternals, tapeIsOn} from './tfjs-internals.js';

/** Changes the shape of what was recorded of an activation. */
export function reshapeCall({pre, post}: CapturedCall, shape: number[]): void {
  if (pre) reshapeNote(pre, shape);
  if (post) reshapeNote(post, shape);
}

/** Changes a note's shape; `shape` must have as many values, or nothing happens. */
function reshapeNote(note: TensorNote, shape: number[]): void {
  const {arraysEqual, sizeFromShape} = util;
  if (arraysEqual(note.shape, shape) || sizeFromShape(note.shape) !== sizeFromShape(shape)) return;
  if (isTaped(note)) {
    // A tensor on the tape changes shape on the tape, or gradients of two shapes would meet in it.
    const reshaped = reshape(tensorLike(note), shape);
    note.from = note.tapeId;
    note.tapeId = reshaped.id;
    reshaped.dispose();
  }
  note.shape = shape;
}

/**
 * Permutes the axes of what is noted. Uses `note` up.
 *
 * @returns a note of other data: this is the one case in which a capture copies
 */
export function transposeNote(note: TensorNote, perm: readonly number[]): TensorNote {
  const transposed = isTaped(note) ? onTape(note, perm) : belowTheEngine(note, perm);
  releaseNote(note);
  return transposed;
}

function onTape(note: TensorNote, perm: readonly number[]): TensorNote {
  const tensor = transpose(tensorLike(note), [...perm]);
  const transposed = noteTensor(tensor, backendOf(tensor), tensor.id);
  tensor.dispose();
  return {...transposed, from: note.tapeId, perm};
}

/** The kernel itself, so that no profile and no count of tensors shows what the model did not do. */
function belowTheEngine(note: TensorNote, perm: readonly number[]): TensorNote {
  // A kernel has just run, so there is a backend, and all backends transpose.
  const {backendName, backendInstance} = engineInternals();
  const backend = backendInstance as KernelBackend;
  const kernel = originalKernel('Transpose', backendName as string) as KernelConfig;
  const inputs = {x: tensorLike(note)};
  return adoptTensor(
    single(kernel.kernelFunc({inputs, attrs: {perm: [...perm]}, backend})),
    backend,
  );
}

const isTaped = ({tapeId}: TensorNote): boolean => tapeId !== null && tapeIsOn();

/** A Tensor over what is noted, for the tape alone: nobody counts it. */
const tensorLike = ({data, dtype, shape, tapeId}: TensorNote): Tensor =>
  new Tensor(shape, dtype, data.dataId, tapeId ?? -1);
