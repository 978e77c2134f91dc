/** What a fused kernel is run by in a scope that does more with hook points than record them. */
import type {KernelConfig} from '@tensorflow/tfjs-core';
import type {KernelParams, KernelResult} from './kernel-registry.js';
import type {CaptureScope} from './scope.js';

export interface FusedRunner {
  /**
   * Runs in place of a fused kernel.
   *
   * @param scope the innermost one
   */
  runFused(
    scope: CaptureScope,
    activation: string,
    params: KernelParams,
    kernel: KernelConfig,
  ): KernelResult;
}
