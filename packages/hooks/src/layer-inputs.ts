/** What layers and fused kernels are called with, while they run. */
import {currentFrame, editingOf, firstTensor} from '@tfjs-capture/core';
import type {CaptureScope, Editing, Frame, KernelParams} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layoutOf} from './layer-classes.js';

/**
 * Edits nothing, and remembers inputs where edits would be applied.
 *
 * @param inputs is filled, by the frames of calls and visits
 */
export function watchingInputs(inputs: WeakMap<Frame, Tensor>): Editing {
  const editing = editingOf([], layoutOf);
  return {
    ...editing,
    runFused(scope, activation, params, kernel) {
      // A layer's own input is known by now; of a graph's node this is all there is.
      remember(scope, fusedInput(params), (at) => currentFrame(at), false);
      return editing.runFused(scope, activation, params, kernel);
    },
    runLayer(scope, layer, given, run) {
      remember(scope, firstTensor(given), (at) => at.frame, true);
      return editing.runLayer(scope, layer, given, run);
    },
  };

  function remember(
    innermost: CaptureScope,
    input: Tensor | null,
    frameOf: (scope: CaptureScope) => Frame | null,
    isFinal: boolean,
  ): void {
    for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
      const frame = frameOf(scope);
      if (frame && input && (isFinal || !inputs.has(frame))) inputs.set(frame, input);
    }
  }
}

const fusedInput = ({inputs}: KernelParams): Tensor =>
  (inputs as Record<string, Tensor>)[inputs.x ? 'x' : 'a'] as Tensor;
