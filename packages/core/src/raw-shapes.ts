/**
 * Shapes of what is recorded of `tf.fused.matMul` outside every layer and node.
 *
 * It computes on rank-3 tensors, and the very next thing that it does is to reshape what comes out. So
 * that one Reshape is intercepted, and tells the shape.
 */
import type {KernelConfig} from '@tensorflow/tfjs-core';
import type {CapturedCall} from './captured-call.js';
import {prepareInterception} from './kernel-registry.js';
import type {KernelInterception, KernelParams, KernelResult} from './kernel-registry.js';
import {reshapeCall} from './note-shapes.js';

let waiting: CapturedCall[] = [];
let interception: KernelInterception | null = null;

/** Has a record take the shape to which its result is reshaped next. */
export function awaitShape(captured: CapturedCall): void {
  if (waiting[0]?.result !== captured.result) waiting = [];
  waiting.push(captured);
  (interception ??= prepareInterception(['Reshape'], settle)).install();
}

/** Whether a record waits for its shape. */
export const isShapeAwaited = (captured: CapturedCall): boolean => waiting.includes(captured);

/** Waits no longer. */
export function forgetShapes(): void {
  waiting = [];
  interception?.uninstall();
}

function settle(params: KernelParams, kernel: KernelConfig): KernelResult {
  const reshaped = kernel.kernelFunc(params);
  const records = waiting;
  forgetShapes();
  if (!Array.isArray(reshaped) && params.inputs.x?.dataId === records[0]?.result) {
    for (const record of records) reshapeCall(record, reshaped.shape);
  }
  return reshaped;
}
