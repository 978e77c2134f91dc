import type {Tensor} from '@tensorflow/tfjs-core';
import type {ActivationRecord} from '@tfjs-capture/hooks';

/** One activation of one forward pass, seen from both sides. The tensors are the capture's. */
export interface CapturedActivation {
  readonly layer: string;
  readonly activation: string;
  readonly pre: Tensor;
  readonly post: Tensor;
}

/** The records of a capture that was asked for `pre` and `post`. */
export function capturedActivations(records: readonly ActivationRecord[]): CapturedActivation[] {
  return records.map(({name, activation, pre, post}) => {
    if (activation === null || !pre || !post) {
      throw new Error(
        `capturedActivations: ${name} lacks pre or post. Capture with record: ['pre', 'post'].`,
      );
    }
    return {layer: name, activation, pre, post};
  });
}
