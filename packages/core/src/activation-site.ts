/**
 * Activation functions that are composed of several kernels: swish, gelu, hardSigmoid, a user's own.
 * While one runs, the kernels inside it are part of it and not hook points of their own.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import {ACTIVATION_OF_KERNEL} from './activation-kernels.js';
import {wishesFor, writeDown} from './record-kernel.js';
import type {Wish} from './record-kernel.js';
import {noteAgain, noteTensor, releaseNote} from './retained-data.js';
import {runtime} from './runtime.js';
import type {CaptureScope} from './scope.js';
import {backendOf, inBackwardPass, tapeIsOn} from './tfjs-internals.js';

/** The activation function that runs now. */
export interface ActivationSite {
  /** The first activation kernel that ran inside it. */
  kernel: string | null;
}

/**
 * Runs an activation function and records it as one hook point.
 *
 * @param scope the innermost active scope
 * @param activation its name, 'swish'
 * @param pre what goes in; belongs to the caller
 * @param run the function itself
 * @returns what `run` returns
 */
export function runActivation<T extends Tensor>(
  scope: CaptureScope,
  activation: string,
  pre: Tensor,
  run: () => T,
): T {
  const shared = runtime();
  if (shared.site !== null || inBackwardPass()) return run();
  const site: ActivationSite = {kernel: null};
  // Noted before it runs: a user's own function may dispose of its input.
  const before = noteTensor(pre, backendOf(pre), tapeIsOn() ? pre.id : null);
  let post: T;
  shared.site = site;
  try {
    post = run();
    const wishes = wishesFor(scope, activation, kernelOf(activation, site));
    for (let wish: Wish | null = wishes; wish; wish = wish.next) {
      const {wantsPre, wantsPost} = wish.scope;
      writeDown(
        wish,
        wantsPre ? noteAgain(before) : null,
        wantsPost ? noteTensor(post, backendOf(post), tapeIsOn() ? post.id : null) : null,
      );
    }
  } finally {
    shared.site = null;
    releaseNote(before);
  }
  return post;
}

/** The kernel that computes the function by itself, if there is one. */
function kernelOf(activation: string, {kernel}: ActivationSite): string {
  return kernel !== null && ACTIVATION_OF_KERNEL[kernel] === activation ? kernel : 'composed';
}
