/** The interceptor of a recording scope: writes down what goes into and comes out of an activation kernel. */
import type {KernelBackend, KernelConfig, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import {ACTIVATION_OF_KERNEL} from './activation-kernels.js';
import {emptyCall} from './captured-call.js';
import type {CapturedCall} from './captured-call.js';
import type {KernelParams, KernelResult} from './kernel-registry.js';
import {currentFrame, hookPointIn} from './name-stack.js';
import {awaitShape} from './raw-shapes.js';
import {adoptTensor, noteAgain, noteTensor, releaseNote} from './retained-data.js';
import type {TensorNote} from './retained-data.js';
import {runtime} from './runtime.js';
import {activeScope} from './scope.js';
import type {CaptureScope} from './scope.js';
import {runActivationOf, runLinear, single} from './split-fused-kernel.js';
import {engineInternals, inBackwardPass, isTensor, tapeIsOn} from './tfjs-internals.js';

/**
 * What the scopes, from `innermost` outwards, want to write down of an activation which happens now:
 * the outermost one's, with those further in.
 */
export function callsWanted(
  innermost: CaptureScope,
  activation: string,
  kernel: string,
): CapturedCall | null {
  let wanted: CapturedCall | null = null;
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    if (!scope.isOpen) continue;
    const frame = currentFrame(scope);
    const point = hookPointIn(scope, frame, activation, kernel);
    if (point) wanted = emptyCall(scope, point, frame, wanted);
  }
  return wanted;
}

/** Runs in place of every kernel in `INTERCEPTED_KERNELS` while a scope is open. */
export function recordKernel(params: KernelParams, kernel: KernelConfig): KernelResult {
  const scope = activeScope();
  if (!scope || runtime().inActivation) return kernel.kernelFunc(params);
  const {kernelName} = kernel;
  const alone = ACTIVATION_OF_KERNEL[kernelName];
  const activation = alone ?? (params.attrs?.activation as string | undefined);
  if (!activation || activation === 'linear' || inBackwardPass()) {
    return kernel.kernelFunc(params);
  }
  const runner = scope.editing ?? scope.keeping;
  // Those that run alone are edited before they get here.
  if (runner && !alone) return runner.runFused(scope, activation, params, kernel);
  const wanted = callsWanted(scope, activation, kernelName);
  if (!wanted) return kernel.kernelFunc(params);
  return alone ? recordAlone(params, kernel, wanted) : recordFused(params, kernel, wanted);
}

function recordAlone(params: KernelParams, kernel: KernelConfig, wanted: CapturedCall): TensorInfo {
  const backend = params.backend as KernelBackend;
  let out = single(kernel.kernelFunc(params));
  const input = (params.inputs.x ?? params.inputs.logits) as Tensor;
  const isTaped = tapeIsOn();
  const pre = noteTensor(input, backend, isTaped ? input.id : null);
  // The engine takes a Tensor as it is, so its id on the tape can be known here.
  if (isTaped && !isTensor(out)) out = engineInternals().makeTensorFromTensorInfo(out, backend);
  writeDown(wanted, pre, out, backend, isTensor(out) ? out.id : null);
  return out;
}

export function recordFused(
  params: KernelParams,
  kernel: KernelConfig,
  wanted: CapturedCall,
): TensorInfo {
  const backend = params.backend as KernelBackend;
  let pre: TensorNote | null = null;
  let post: TensorInfo;
  if (anyWantsPre(wanted)) {
    const linear = runLinear(params, kernel);
    pre = adoptTensor(linear, backend);
    try {
      post = runActivationOf(linear, params, kernel);
    } catch (error) {
      releaseNote(pre);
      throw error;
    }
  } else {
    post = single(kernel.kernelFunc(params));
  }
  writeDown(wanted, pre, post, backend, null);
  return post;
}

function anyWantsPre(wanted: CapturedCall): boolean {
  for (let call: CapturedCall | null = wanted; call; call = call.inner) {
    if (call.scope.wantsPre) return true;
  }
  return false;
}

/**
 * Adds an activation to each scope that wants it, and to the layer's frame, whose end settles its shape.
 *
 * @param pre what went in; used up. Null if no scope wants it
 * @param post what came out, on `backend`
 * @param tapeId the id of `post` on the gradient tape, if it has one
 */
export function writeDown(
  wanted: CapturedCall | null,
  pre: TensorNote | null,
  post: TensorInfo,
  backend: KernelBackend,
  tapeId: number | null,
): void {
  let unused = pre;
  let innermost: CaptureScope | null = null;
  for (let call = wanted; call; call = call.inner) {
    const {scope, frame, point} = call;
    innermost = scope;
    call.result = post.dataId;
    if (pre && scope.wantsPre) {
      call.pre = unused ?? noteAgain(pre);
      unused = null;
    }
    if (scope.wantsPost) call.post = noteTensor(post, backend, tapeId);
    scope.captured.push(call);
    if (frame) (frame.captured ??= []).push(call);
    // No layer's or node's output will tell the shape.
    if (point.kernel === '_FusedMatMul' && !frame?.owner) awaitShape(call);
  }
  if (unused) releaseNote(unused);
  innermost?.keeping?.meetResult(innermost, post, backend);
}
