/**
 * What the rest of core asks of a scope that does more with its records than hold them. A bundle in which
 * nobody reads such an option does not carry what answers.
 */
import type {KernelBackend, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import type {CapturedCall} from './captured-call.js';
import type {FusedRunner} from './fused-runner.js';
import type {CaptureScope} from './scope.js';

/** Of one call. */
export interface UntidiedTensors {
  /** The outermost call in which they were made: what an earlier one has given is the user's by now. */
  root: object;
  tensors: Tensor[];
  /** How many are remembered before those are forgotten that have been disposed of. */
  limit: number;
}

/** Takes pre-activations where they are computed, so that nothing else need be kept of them. */
export interface PreTaker {
  /** Whether it takes this one's, which is nothing else's concern, in the shape in which a convolution gives it. */
  takes(call: CapturedCall): boolean;
  /**
   * Reads it.
   *
   * @param pre lies in the backend's memory, and is written over afterwards
   */
  take(call: CapturedCall, pre: TensorInfo, backend: KernelBackend): void;
}

/** Runs fused kernels where nothing is edited. */
export interface Keeping extends FusedRunner {
  /** Of this scope. */
  readonly taker: PreTaker | null;
  /** Tensors that layers have made outside every tidy in this scope, if there are any. */
  untidied: UntidiedTensors | null;
  /**
   * Has this scope's and all outer scopes' records looked at that are complete by now, as those of a layer
   * are whose call is over.
   *
   * @throws what ends the forward pass here
   */
  meet(innermost: CaptureScope): void;
  /**
   * The same where an activation has just been recorded: outside every layer it is complete.
   *
   * @param post what came out, on `backend`; inside a kernel nobody else has it yet
   */
  meetResult(innermost: CaptureScope, post: TensorInfo, backend: KernelBackend): void;
  /**
   * Looks at this scope's own records.
   *
   * @param isOver whether all of them are complete, since nothing runs any more
   */
  lookAt(own: CaptureScope, isOver?: boolean): void;
  /**
   * Runs a method of a model that runs forward passes, each of which may be ended.
   *
   * @param run calls the method
   * @param args with which it is called
   * @returns what it returns, which is something
   */
  runBatches?(run: (args: unknown[]) => unknown, args: unknown[]): unknown;
}
