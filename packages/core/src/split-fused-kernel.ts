/**
 * Runs a fused kernel in two steps, to see what goes into its activation.
 *
 * In inference tfjs never runs the `Relu` kernel for conv2d({activation: 'relu'}): it runs
 * `FusedConv2D` with `activation: 'relu'`. Here the fused kernel runs with 'linear', which gives the
 * pre-activation, and then the backend's own activation kernel on that. On finite values the two
 * steps give the fused kernel's result bit for bit. On others they need not: WASM's fused kernels
 * clamp NaN to 0 under relu and relu6. Then the result is the fused kernel's own.
 */
import type {KernelConfig, TensorInfo} from '@tensorflow/tfjs-core';
import {KERNEL_OF_ACTIVATION} from './activation-kernels.js';
import {boundOf, bounds} from './finite-scan.js';
import {originalKernel} from './kernel-registry.js';
import type {KernelParams} from './kernel-registry.js';

/**
 * The pre-activation of a fused kernel's call: the kernel without its activation.
 *
 * @returns a tensor that nobody else knows of
 */
export function runLinear(params: KernelParams, kernel: KernelConfig): TensorInfo {
  let {inputs} = params;
  // The weights of a prelu must go: left in, WASM returns garbage under 'linear'.
  if (inputs.preluActivationWeights) inputs = {...inputs, preluActivationWeights: undefined};
  const attrs = {...params.attrs, activation: 'linear'};
  return single(kernel.kernelFunc({inputs, attrs, backend: params.backend}));
}

/**
 * The fused kernel's result, given its pre-activation.
 *
 * @returns what the fused kernel would have returned, bit for bit
 */
export function runActivationOf(
  pre: TensorInfo,
  params: KernelParams,
  kernel: KernelConfig,
): TensorInfo {
  const {activation, leakyreluAlpha} = params.attrs ?? {};
  // What a fused kernel makes of a leaky ReLU without a slope differs between backends.
  const isComplete = activation !== 'leakyrelu' || typeof leakyreluAlpha === 'number';
  const alone = aloneOf(params, kernel);
  const bound = alone && isComplete ? boundOf(pre, params) : Infinity;
  if (!alone || !(bound < Infinity)) return single(kernel.kernelFunc(params));
  const post = runAlone(alone, pre, params);
  if (/^relu/.test(activation as string)) bounds.set(post.dataId, bound);
  return post;
}

/** A fused kernel's activation, of any pre-activation: by itself, as `aloneOf` tells. */
export function runAlone(
  alone: KernelConfig,
  pre: TensorInfo,
  {inputs, attrs, backend}: KernelParams,
): TensorInfo {
  const {leakyreluAlpha, dataFormat} = attrs ?? {};
  let alpha = inputs.preluActivationWeights;
  // One weight per channel lies along the last axis, where NCHW has its width.
  if (dataFormat === 'NCHW' && alpha?.shape.length === 1 && pre.shape.length === 4) {
    alpha = {...alpha, shape: [...alpha.shape, 1, 1]};
  }
  // Kernels take what they know: `alpha` is an input of Prelu and an attribute of LeakyRelu.
  return single(
    alone.kernelFunc({inputs: {x: pre, alpha}, attrs: {alpha: leakyreluAlpha as number}, backend}),
  );
}

/** The backend's kernel for a fused kernel's activation by itself. */
export function aloneOf(
  {attrs}: KernelParams,
  {backendName}: KernelConfig,
): KernelConfig | undefined {
  const name = KERNEL_OF_ACTIVATION[attrs?.activation as string];
  return name === undefined ? undefined : originalKernel(name, backendName);
}

/** Activation kernels and fused kernels have one output. */
export function single(result: TensorInfo | TensorInfo[]): TensorInfo {
  return Array.isArray(result) ? (result[0] as TensorInfo) : result;
}
