/** The interceptor of a recording scope: writes down what goes into and comes out of an activation kernel. */
import type {KernelBackend, KernelConfig, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import {ACTIVATION_OF_KERNEL} from './activation-kernels.js';
import type {CapturedCall} from './captured-call.js';
import type {HookPoint} from './hook-point.js';
import type {KernelParams, KernelResult} from './kernel-registry.js';
import {currentFrame, hookPointHere} from './name-stack.js';
import {awaitShape} from './raw-shapes.js';
import {adoptTensor, noteAgain, noteTensor, releaseNote} from './retained-data.js';
import type {TensorNote} from './retained-data.js';
import {runtime} from './runtime.js';
import {activeScope} from './scope.js';
import type {CaptureScope} from './scope.js';
import {runActivationOf, runLinear} from './split-fused-kernel.js';
import {engineInternals, inBackwardPass, tapeIsOn} from './tfjs-internals.js';

/** A scope that wants the hook point at hand, and the next such scope. */
export interface Wish {
  readonly scope: CaptureScope;
  readonly point: HookPoint;
  readonly next: Wish | null;
}

/** The scopes, from `innermost` outwards, that want an activation which happens now. */
export function wishesFor(
  innermost: CaptureScope,
  activation: string,
  kernel: string,
): Wish | null {
  let wishes: Wish | null = null;
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const point = scope.isOpen ? hookPointHere(scope, activation, kernel) : null;
    if (point) wishes = {scope, point, next: wishes};
  }
  return wishes;
}

/** Runs in place of every kernel in `INTERCEPTED_KERNELS` while a scope is open. */
export function recordKernel(params: KernelParams, kernel: KernelConfig): KernelResult {
  const scope = activeScope();
  if (scope === null || runtime().inActivation) return kernel.kernelFunc(params);
  const alone = ACTIVATION_OF_KERNEL[kernel.kernelName];
  const activation = alone ?? (params.attrs?.activation as string | undefined);
  if (activation === undefined || activation === 'linear' || inBackwardPass()) {
    return kernel.kernelFunc(params);
  }
  const wishes = wishesFor(scope, activation, kernel.kernelName);
  if (wishes === null) return kernel.kernelFunc(params);
  return alone ? recordAlone(params, kernel, wishes) : recordFused(params, kernel, wishes);
}

function recordAlone(params: KernelParams, kernel: KernelConfig, wishes: Wish): KernelResult {
  const backend = params.backend as KernelBackend;
  let out = kernel.kernelFunc(params);
  if (Array.isArray(out)) return out;
  const input = (params.inputs.x ?? params.inputs.logits) as Tensor;
  const taped = tapeIsOn();
  for (let wish: Wish | null = wishes; wish; wish = wish.next) {
    const pre = wish.scope.wantsPre ? noteTensor(input, backend, taped ? input.id : null) : null;
    // The engine takes a Tensor as it is, so its id on the tape can be known here.
    if (taped && wish.scope.wantsPost) out = asTensor(out, backend);
    writeDown(
      wish,
      out,
      pre,
      wish.scope.wantsPost ? noteTensor(out, backend, tapeIdOf(out)) : null,
    );
  }
  return out;
}

function recordFused(params: KernelParams, kernel: KernelConfig, wishes: Wish): KernelResult {
  const backend = params.backend as KernelBackend;
  const isMatMul = kernel.kernelName === '_FusedMatMul';
  let pre: TensorNote | null = null;
  let post: TensorInfo;
  if (anyWantsPre(wishes)) {
    const linear = runLinear(params, kernel);
    pre = adoptTensor(linear, backend);
    try {
      post = runActivationOf(linear, params, kernel);
    } catch (error) {
      releaseNote(pre);
      throw error;
    }
  } else {
    const out = kernel.kernelFunc(params);
    if (Array.isArray(out)) return out;
    post = out;
  }
  let unused = pre;
  for (let wish: Wish | null = wishes; wish; wish = wish.next) {
    const {wantsPre, wantsPost} = wish.scope;
    let before: TensorNote | null = null;
    if (wantsPre && pre) {
      before = unused ?? noteAgain(pre);
      unused = null;
    }
    const after = wantsPost ? noteTensor(post, backend, null) : null;
    const captured = writeDown(wish, post, before, after);
    // No layer's or node's output will tell the shape.
    if (isMatMul && (captured.frame?.owner ?? null) === null) awaitShape(captured);
  }
  return post;
}

function anyWantsPre(wishes: Wish): boolean {
  for (let wish: Wish | null = wishes; wish; wish = wish.next) {
    if (wish.scope.wantsPre) return true;
  }
  return false;
}

/**
 * Adds a record to the scope, and to the layer's frame, whose end settles its shape.
 *
 * @param result what came out of the activation
 */
export function writeDown(
  {scope, point}: Wish,
  {dataId: result}: TensorInfo,
  pre: TensorNote | null,
  post: TensorNote | null,
): CapturedCall {
  const frame = currentFrame(scope);
  const captured = {point, frame, result, pre, post, output: null};
  scope.captured.push(captured);
  if (frame) (frame.captured ??= []).push(captured);
  return captured;
}

const asTensor = (info: TensorInfo, backend: KernelBackend): TensorInfo =>
  'rank' in info ? info : engineInternals().makeTensorFromTensorInfo(info, backend);

const tapeIdOf = (info: TensorInfo): number | null => ('rank' in info ? (info as Tensor).id : null);
