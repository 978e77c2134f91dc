/** A layer's call, seen from outside: it has a name, may have an output to record, and settles shapes. */
import {reshape, Tensor} from '@tensorflow/tfjs-core';
import type {CapturedCall} from './captured-call.js';
import {enterFrame, leaveFrame} from './name-stack.js';
import type {Frame, FrameKind} from './name-stack.js';
import {noteTensor} from './retained-data.js';
import type {TensorNote} from './retained-data.js';
import type {CaptureScope} from './scope.js';
import {backendOf, tapeIsOn} from './tfjs-internals.js';

/**
 * Runs a layer's or model's code under its name.
 *
 * @param scope the innermost active scope
 * @param owner the layer or model
 * @param name its own name, without those around it
 * @param run its code; what it returns is the layer's output
 */
export function runLayer<T>(
  scope: CaptureScope,
  owner: object,
  name: string,
  kind: FrameKind,
  run: () => T,
): T {
  enterFrame(scope, owner, name, kind);
  let output: T;
  try {
    output = run();
  } catch (error) {
    leaveFrame(scope, null);
    throw error;
  }
  leaveFrame(scope, (left, frame) => {
    settle(left, frame, firstTensor(output));
  });
  return output;
}

function firstTensor(output: unknown): Tensor | null {
  const first: unknown = Array.isArray(output) ? output[0] : output;
  return first instanceof Tensor ? first : null;
}

function settle(scope: CaptureScope, frame: Frame, output: Tensor | null): void {
  if (output === null || frame.isRoot) return;
  if (frame.captured) {
    for (const {pre, post} of frame.captured) {
      if (pre) reshapeLike(pre, output);
      if (post) reshapeLike(post, output);
    }
  }
  if (scope.wantsOutput) recordOutput(scope, frame, output);
}

function recordOutput(scope: CaptureScope, frame: Frame, output: Tensor): void {
  const [only, another] = frame.captured ?? [];
  if (only && !another) {
    only.output = noteOutput(output);
    return;
  }
  const point = scope.select(frame.name, frame.path, null, null, frame.pass, frame.call, 0);
  if (!point) return;
  const captured: CapturedCall = {
    point,
    owner: frame.owner,
    pre: null,
    post: null,
    output: noteOutput(output),
  };
  scope.captured.push(captured);
}

const noteOutput = (output: Tensor): TensorNote =>
  noteTensor(output, backendOf(output), tapeIsOn() ? output.id : null);

/**
 * Gives a note the shape of the layer's output: Dense multiplies matrices of rank 3 or 2, whatever the
 * rank of its output.
 */
function reshapeLike(note: TensorNote, output: Tensor): void {
  const {shape} = output;
  if (sameShape(note.shape, shape) || sizeOf(note.shape) !== output.size) return;
  if (note.tapeId !== null && tapeIsOn()) {
    // A tensor on the tape changes shape on the tape, or gradients of two shapes would meet in it.
    const reshaped = reshape(
      new Tensor(note.shape, note.dtype, note.dataId, note.tapeId),
      shape,
    );
    note.tapeId = reshaped.id;
    reshaped.dispose();
  }
  note.shape = shape;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, d) => size * d, 1);

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);
