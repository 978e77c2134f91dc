/** `withGradients`: a capture, and the gradient of a scalar at each of its hook points. */
import {
  activeScope,
  CaptureArgumentError,
  describe,
  differentiate,
  guideRelus,
  isTensor,
  runInScope,
  wrongArgument,
} from '@tfjs-capture/core';
import type {CaptureScope} from '@tfjs-capture/core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {planOf} from './capture-options.js';
import type {CaptureOptions} from './capture-options.js';
import {enableEdits} from './edit-options.js';
import {gradientCaptureOf} from './gradient-capture.js';
import type {GradientCapture} from './gradient-capture.js';

export interface GradientOptions extends Pick<
  CaptureOptions,
  'layers' | 'activations' | 'record' | 'edit' | 'model'
> {
  /**
   * Guided backpropagation (Springenberg et al. 2014): ReLUs let through positive gradients alone. False
   * unless given.
   */
  readonly guidedRelu?: boolean;
}

/**
 * Runs `fn`, captures what happens inside the models that it runs, and computes the gradient of the scalar
 * that it returns with respect to all that is recorded: one forward pass, one backward.
 *
 * Inside a `tf.grad` of your own it is differentiable in turn. Gradients of convolutions need kernels
 * that TensorFlow.js's WASM backend lacks: see `registerGradientKernels`.
 *
 * @param fn runs models and returns a scalar, such as a loss or one class's score; synchronous
 * @param options as of `withCapture`; gradients are those of what `record` names, ['pre'] unless given
 * @returns the capture, with `value` and `gradient(layer)`; it owns all of these
 * @throws whatever `fn` or the backward pass throws, the same object; nothing stays behind then
 * @throws CaptureArgumentError if `fn` is no function or returns anything but a scalar
 *
 * @example
 * using capture = withGradients(() => tf.mean(model.apply(x)));
 * capture.gradient('block4_conv3');
 */
export type WithGradients = (
  fn: () => Scalar | Tensor,
  options?: GradientOptions,
) => GradientCapture;

/** @param bind has core install what gives hook points their names; called before each scope */
export function makeWithGradients(bind: () => void): WithGradients {
  return function withGradients(fn, options) {
    if (typeof fn !== 'function') {
      throw wrongArgument(
        'withGradients',
        'the first argument must be a function',
        fn,
        'Pass () => loss(model.apply(x)).',
      );
    }
    const {guidedRelu = false, ...rest} = options ?? {};
    if (typeof guidedRelu !== 'boolean') {
      const rule = 'guidedRelu must be true or false';
      throw wrongArgument('withGradients', rule, guidedRelu, 'Leave it out for plain gradients.');
    }
    bind();
    enableEdits();
    // What is no object at all is for `planOf` to refuse.
    const plan = planOf(typeof options === 'object' && (options as unknown) ? rest : options);
    if (plan.runner) {
      const rule = 'options are layers, activations, record, edit, model and guidedRelu';
      const remedy = 'Leave out those that are about storing less.';
      throw wrongArgument('withGradients', rule, Object.keys(rest).join(', '), remedy);
    }
    const forward = (): Tensor => {
      const undo = guidedRelu ? guideRelus() : null;
      try {
        return checkScalar(fn());
      } finally {
        undo?.();
      }
    };
    const run = (): ReturnType<typeof differentiate> =>
      differentiate(activeScope() as CaptureScope, forward);
    // A scalar is no promise, so the capture is none either.
    return runInScope(plan, run, gradientCaptureOf) as GradientCapture;
  };
}

function checkScalar(value: unknown): Tensor {
  if (isTensor(value) && value.rank === 0 && value.dtype === 'float32') return value;
  // What an asynchronous function rejects with later on has been answered by this error.
  if (value instanceof Promise) value.catch(() => undefined);
  const got = isTensor(value) ? `${value.dtype} [${value.shape.join()}]` : describe(value);
  throw new CaptureArgumentError(
    `withGradients: fn must return a scalar, float32 [], got ${got}. ` +
      'Reduce it by tf.mean or tf.sum; run nothing asynchronous.',
  );
}
