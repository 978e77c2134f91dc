/**
 * Activation functions that are composed of several kernels: swish, gelu, hardSigmoid, a user's own; and
 * all others, where values are edited. While one runs, the kernels inside it are part of it and not hook
 * points of their own.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {CapturedCall} from './captured-call.js';
import {callsWanted, writeDown} from './record-kernel.js';
import {noteTensor, releaseNote, tensorOfNote} from './retained-data.js';
import type {TensorNote} from './retained-data.js';
import {runtime} from './runtime.js';
import type {CaptureScope} from './scope.js';
import {backendOf, inBackwardPass, tapeIsOn} from './tfjs-internals.js';

/**
 * Runs an activation function and records it as one hook point.
 *
 * @param scope the innermost active scope
 * @param activation its name, 'swish'
 * @param kernel the kernel that computes it, or 'composed'
 * @param pre what goes in; belongs to the caller
 * @param run the function itself, of what goes in
 * @returns what `run` returns, edited if that is asked for
 */
export function runActivation<T extends Tensor>(
  scope: CaptureScope,
  activation: string,
  kernel: string,
  pre: Tensor,
  run: (pre: Tensor) => T,
): T {
  const shared = runtime();
  if (shared.inActivation || inBackwardPass()) return run(pre);
  return scope.editing
    ? scope.editing.runActivation(scope, activation, kernel, pre, run)
    : recordActivation(callsWanted(scope, activation, kernel), pre, run);
}

/** Runs an activation function for those that want it recorded. */
export function recordActivation<T extends Tensor>(
  wanted: CapturedCall | null,
  pre: Tensor,
  run: (pre: Tensor) => T,
): T {
  const shared = runtime();
  shared.inActivation = true;
  try {
    return wanted ? recordFunction(wanted, pre, run) : run(pre);
  } finally {
    shared.inActivation = false;
  }
}

function recordFunction<T extends Tensor>(
  wanted: CapturedCall,
  pre: Tensor,
  run: (pre: Tensor) => T,
): T {
  // Noted before it runs: a user's own function may dispose of its input.
  const before = noteLive(pre);
  let post: T;
  try {
    post = run(pre);
  } catch (error) {
    releaseNote(before);
    throw error;
  }
  writeFunction(wanted, before, post);
  return post;
}

/**
 * Notes what will turn out to be a pre-activation. The scope lets go of it in the end, if
 * `recordComposed` has not used it.
 */
export function holdPre(scope: CaptureScope, pre: Tensor): TensorNote {
  const note = noteLive(pre);
  const {held} = outermost(scope);
  held.add(note);
  return note;
}

/** The last scope to close of those that may want what is held. */
function outermost(scope: CaptureScope): CaptureScope {
  let outer = scope;
  while (outer.parent?.isOpen) outer = outer.parent;
  return outer;
}

/**
 * Records an activation that a graph computes by several nodes, once the last of them has run.
 *
 * @param scope the innermost active scope
 * @param pre what `holdPre` noted; used up
 * @param run computes the activation of another value, where it is edited
 * @returns `post`, or what edits make of it
 */
export function recordComposed(
  scope: CaptureScope,
  activation: string,
  pre: TensorNote,
  post: Tensor,
  run: (pre: Tensor) => Tensor,
): Tensor {
  outermost(scope).held.delete(pre);
  const input = scope.editing && tensorOfNote(pre);
  if (input) {
    const runOn = (given: Tensor): Tensor => (given === input ? post : run(given));
    try {
      return runActivation(scope, activation, 'composed', input, runOn);
    } finally {
      input.dispose();
    }
  }
  writeFunction(callsWanted(scope, activation, 'composed'), pre, post);
  return post;
}

/** Uses `pre` up. */
const writeFunction = (wanted: CapturedCall | null, pre: TensorNote, post: Tensor): void => {
  writeDown(wanted, pre, post, backendOf(post), tapeIdOf(post));
};

/** Notes a live tensor, with its id on the tape if that is on. */
export const noteLive = (tensor: Tensor): TensorNote =>
  noteTensor(tensor, backendOf(tensor), tapeIdOf(tensor));

const tapeIdOf = ({id}: Tensor): number | null => (tapeIsOn() ? id : null);
