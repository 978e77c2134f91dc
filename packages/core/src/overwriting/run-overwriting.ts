/**
 * Runs a fused kernel in two steps of which the second writes over what the first has given, for whoever
 * needs a pre-activation only until it has been read.
 *
 * To keep a pre-activation costs memory that plain predict never touches, and whatever is in the cache is
 * pushed out by it. Here there is one buffer, as in plain predict.
 */
import type {KernelBackend, KernelConfig, TensorInfo} from '@tensorflow/tfjs-core';
import {boundOf, bounds} from '../finite-scan.js';
import type {KernelParams} from '../kernel-registry.js';
import {runLinear, single} from '../split-fused-kernel.js';
import {valuesInPlace} from '../tfjs-internals.js';
import {clampValuesOn} from './clamp-values.js';
import type {ClampValues} from './clamp-values.js';

/** Up to where activations go that do nothing but clamp, from 0 on. */
const MOST: Readonly<Record<string, number>> = {relu: Infinity, relu6: 6};

/**
 * How a fused kernel's activation is applied in place; null if it cannot be.
 *
 * Convolutions alone: what they give has the shape that the operation returns.
 */
export function overwriterOf(
  {attrs, backend}: KernelParams,
  {kernelName}: KernelConfig,
): ClampValues | null {
  const most = MOST[attrs?.activation as string];
  return most === undefined || !/^Fused\w*Conv2D$/.test(kernelName)
    ? null
    : clampValuesOn(backend as KernelBackend, most);
}

/**
 * @param overwrite what `overwriterOf` gave for the same call
 * @param take reads the pre-activation, which is its own only until it returns
 * @returns what the fused kernel would have returned, bit for bit
 */
export function runOverwriting(
  params: KernelParams,
  kernel: KernelConfig,
  overwrite: ClampValues,
  take: (pre: TensorInfo, backend: KernelBackend) => void,
): TensorInfo {
  const backend = params.backend as KernelBackend;
  const pre = runLinear(params, kernel);
  let post: TensorInfo | null = null;
  try {
    take(pre, backend);
    const bound = boundOf(pre, params);
    if (Number.isFinite(bound)) {
      overwrite(valuesInPlace(backend, pre) as Float32Array);
      bounds.set(pre.dataId, bound);
      post = pre;
    } else {
      post = single(kernel.kernelFunc(params));
    }
  } finally {
    if (post !== pre) backend.disposeData(pre.dataId);
  }
  return post;
}
