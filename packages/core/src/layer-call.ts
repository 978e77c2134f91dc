/** A layer's call, seen from outside: it has a name, may have an output to record or edit, and settles shapes. */
import type {Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import {emptyCall} from './captured-call.js';
import type {CapturedCall} from './captured-call.js';
import {enterFrame, leaveFrame} from './name-stack.js';
import type {Frame} from './frame.js';
import type {FrameKind} from './name-stack.js';
import {reshapeCall, transposeNote} from './note-shapes.js';
import {noteTensor, releaseNote} from './retained-data.js';
import type {TensorNote} from './retained-data.js';
import {selectPoint} from './scope.js';
import {single} from './split-fused-kernel.js';
import type {CaptureScope} from './scope.js';
import {backendOf, isTensor, tapeIsOn} from './tfjs-internals.js';

/**
 * Runs a layer's or a model's code under its name.
 *
 * @param innermost the innermost active scope
 * @param owner the layer or model
 * @param name its own name, without those around it
 * @param arrangement how the layer permutes the axes of what its activation gives, if it does: a
 *     convolution computes with channels last, whatever its own data format
 * @param inputs what it is called with
 * @returns what `run` returns, the layer's output, edited if that is asked for
 */
export function runNamed<T>(
  innermost: CaptureScope,
  owner: object,
  name: string,
  kind: FrameKind,
  arrangement: readonly number[] | null,
  inputs: unknown,
  run: () => T,
): T {
  enterFrame(innermost, owner, name, kind);
  const {editing} = innermost;
  let output: T | null = null;
  let edited: T | null = null;
  try {
    const runIt = (): T => (output = run());
    edited = editing ? editing.runLayer(innermost, owner, inputs, runIt) : runIt();
  } finally {
    for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
      const frame = leaveFrame(scope);
      if (frame) settle(scope, frame, output, arrangement, edited);
    }
  }
  innermost.keeping?.meet(innermost);
  return edited as T;
}

/** A layer's or a node's call is over: its records get the shape of its output, which may be recorded as well. */
export function settle(
  scope: CaptureScope,
  frame: Frame,
  output: unknown,
  arrangement: readonly number[] | null,
  edited: unknown = output,
): void {
  const {captured} = frame;
  if (frame.isRoot || (captured === null && !scope.wantsOutput)) return;
  const first = firstTensor(output);
  if (!first) return;
  if (captured) for (const call of captured) shapeLike(call, first, arrangement);
  if (scope.wantsOutput) recordOutput(scope, frame, firstTensor(edited) ?? first);
}

export function firstTensor(output: unknown): Tensor | null {
  const first: unknown = single(output as TensorInfo);
  return isTensor(first) ? first : null;
}

/** Gives a record the shape of the layer's output, if that is what came out of the activation. */
function shapeLike(
  captured: CapturedCall,
  output: Tensor,
  arrangement: readonly number[] | null,
): void {
  const {point, result, pre, post} = captured;
  // A reshape shares its data, except on backends that keep it in textures.
  if (result === output.dataId || point.kernel === '_FusedMatMul') {
    reshapeCall(captured, output.shape);
  } else if (arrangement !== null) {
    if (pre) captured.pre = transposeNote(pre, arrangement);
    if (post) {
      // What the layer returned is that already, unless an edit has replaced it.
      captured.post = output.isDisposed ? transposeNote(post, arrangement) : noteOutput(output);
      if (!output.isDisposed) releaseNote(post);
    }
  }
}

function recordOutput(scope: CaptureScope, frame: Frame, tensor: Tensor): void {
  const [only, another] = frame.captured ?? [];
  if (only && !another) {
    only.output = noteOutput(tensor);
    return;
  }
  const point = selectPoint(scope, frame, null, null, frame.call, 0);
  if (point === null) return;
  const call = emptyCall(scope, point, frame, null);
  call.output = noteOutput(tensor);
  scope.captured.push(call);
}

const noteOutput = (output: Tensor): TensorNote =>
  noteTensor(output, backendOf(output), tapeIsOn() ? output.id : null);
