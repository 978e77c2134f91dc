/** A layer's call, seen from outside: it has a name, may have an output to record, and settles shapes. */
import {reshape, Tensor} from '@tensorflow/tfjs-core';
import {enterFrame, leaveFrame} from './name-stack.js';
import type {Frame, FrameKind} from './name-stack.js';
import {noteTensor} from './retained-data.js';
import type {TensorNote} from './retained-data.js';
import type {CaptureScope} from './scope.js';
import {backendOf, isTensor, tapeIsOn} from './tfjs-internals.js';

/**
 * Says that a layer's or model's code begins to run. Pair it with `endLayer` by try/finally.
 *
 * @param scope the innermost active scope
 * @param owner the layer or model
 * @param name its own name, without those around it
 */
export function beginLayer(
  scope: CaptureScope,
  owner: object,
  name: string,
  kind: FrameKind,
): void {
  enterFrame(scope, owner, name, kind);
}

/**
 * Says that the code has run.
 *
 * @param output what it returned, the layer's output; null if it threw
 */
export function endLayer(scope: CaptureScope, output: unknown): void {
  leaveFrame(scope, settle, output);
}

function settle(scope: CaptureScope, frame: Frame, output: unknown): void {
  if (frame.isRoot || (frame.captured === null && !scope.wantsOutput)) return;
  const first: unknown = Array.isArray(output) ? output[0] : output;
  if (!isTensor(first)) return;
  for (const {point, result, pre, post} of frame.captured ?? []) {
    // A reshape shares its data, except on backends that keep it in textures.
    if (result !== first.dataId && point.kernel !== '_FusedMatMul') continue;
    if (pre) reshapeLike(pre, first);
    if (post) reshapeLike(post, first);
  }
  if (scope.wantsOutput) recordOutput(scope, frame, first);
}

function recordOutput(scope: CaptureScope, frame: Frame, tensor: Tensor): void {
  const [only, another] = frame.captured ?? [];
  const isPartOfOne = only !== undefined && another === undefined;
  const point = isPartOfOne ? null : scope.select(frame, null, null, frame.call, 0);
  if (!isPartOfOne && point === null) return;
  const output = noteTensor(tensor, backendOf(tensor), tapeIsOn() ? tensor.id : null);
  if (isPartOfOne) only.output = output;
  else if (point) scope.captured.push({point, frame, result: null, pre: null, post: null, output});
}

/**
 * Gives a note the shape of the layer's output, if that is what came out of the activation: Dense
 * multiplies matrices of rank 3 or 2, whatever the rank of its output.
 */
function reshapeLike(note: TensorNote, output: Tensor): void {
  const {shape} = output;
  if (sameShape(note.shape, shape) || sizeOf(note.shape) !== output.size) return;
  if (note.tapeId !== null && tapeIsOn()) {
    // A tensor on the tape changes shape on the tape, or gradients of two shapes would meet in it.
    const reshaped = reshape(
      new Tensor(note.shape, note.data.dtype, note.data.dataId, note.tapeId),
      shape,
    );
    note.tapeId = reshaped.id;
    reshaped.dispose();
  }
  note.shape = shape;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, d) => size * d, 1);

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
