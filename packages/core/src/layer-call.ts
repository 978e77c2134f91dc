/** A layer's call, seen from outside: it has a name, may have an output to record, and settles shapes. */
import type {Tensor} from '@tensorflow/tfjs-core';
import {emptyCall} from './captured-call.js';
import type {CapturedCall} from './captured-call.js';
import {enterFrame, leaveFrame} from './name-stack.js';
import type {Frame, FrameKind} from './name-stack.js';
import {reshapeCall, transposeNote} from './note-shapes.js';
import {noteTensor, releaseNote} from './retained-data.js';
import type {TensorNote} from './retained-data.js';
import {selectPoint} from './scope.js';
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
 * @param arrangement how the layer permutes the axes of what its activation gives, if it does: a
 *     convolution computes with channels last, whatever its own data format
 */
export function endLayer(
  innermost: CaptureScope,
  output: unknown,
  arrangement: readonly number[] | null,
): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const frame = leaveFrame(scope);
    if (frame) settle(scope, frame, output, arrangement);
  }
}

/** A layer's or a node's call is over: its records get the shape of its output, which may be recorded as well. */
export function settle(
  scope: CaptureScope,
  frame: Frame,
  output: unknown,
  arrangement: readonly number[] | null,
): void {
  const {captured} = frame;
  if (frame.isRoot || (captured === null && !scope.wantsOutput)) return;
  const first: unknown = Array.isArray(output) ? output[0] : output;
  if (!isTensor(first)) return;
  if (captured) for (const call of captured) shapeLike(call, first, arrangement);
  if (scope.wantsOutput) recordOutput(scope, frame, first);
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
      // What the layer returned is that already.
      captured.post = noteOutput(output);
      releaseNote(post);
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
