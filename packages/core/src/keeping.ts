/**
 * What the rest of core asks of a scope that does more with its records than hold them. A bundle in which
 * nobody reads such an option does not carry what answers.
 */
import type {KernelBackend, TensorInfo} from '@tensorflow/tfjs-core';
import type {CaptureScope} from './scope.js';

export interface Keeping {
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
