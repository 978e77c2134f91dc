/**
 * What edits and gradients cost over the same without them: an identity edit of everything against a
 * capture of everything, and `withGradients` at every hook point against `tf.grad` of the input.
 */
import {grad, mean, square, stack, tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {registerGradientKernels, withCapture, withGradients} from '@tfjs-capture/hooks';
import type {BenchmarkedModel} from './benchmarked-models.js';
import {measureInterleaved} from './measure-interleaved.js';
import type {MeasureOptions} from './measure-interleaved.js';
import type {Spread} from './spread.js';
import {disposeOutput, predict, tensorsOf} from './variant.js';
import type {Subject, Variant} from './variant.js';

export interface EditRatios {
  /** An identity edit of every pre-activation, to a capture of all. */
  readonly edit: Spread;
  /** All gradients to that of the input. Null where TensorFlow.js has no gradient of the model. */
  readonly gradients: Spread | null;
}

export const IDENTITY_EDIT = 'identity edit of all, to capture of all';
export const ALL_GRADIENTS = 'withGradients of all, to tf.grad of the input';

/** Times both pairs, each in turns of its own. */
export async function compareEdits(
  {load, input}: BenchmarkedModel,
  options: MeasureOptions,
): Promise<EditRatios> {
  const subject: Subject = {model: await load(), input: input()};
  const edit = await ratioOf([captureOfAll(subject), identityEdit(subject)], options);
  registerGradientKernels('wasm');
  const pair = [gradientOfInput(subject), allGradients(subject)] as const;
  const gradients = isDifferentiable(pair[0]) ? await ratioOf(pair, options) : null;
  return {edit, gradients};
}

async function ratioOf(
  [base, other]: readonly [Variant, Variant],
  options: MeasureOptions,
): Promise<Spread> {
  const timing = (await measureInterleaved([base, other], options)).get(other);
  if (!timing) throw new Error(`compareEdits: ${other.name} was not measured.`);
  return timing.ratio;
}

const variantOf = (name: string, run: () => void): Variant => ({
  name,
  isBudgeted: true,
  run,
  yield: () => ({dispose() {}}),
});

const captureOfAll = (subject: Subject): Variant =>
  variantOf('capture of all', () => {
    const capture = withCapture(() => predict(subject));
    capture.dispose();
    disposeOutput(capture.result);
  });

const identityEdit = (subject: Subject): Variant =>
  variantOf('identity edit of all', () => {
    const edit = {'**': (value: Tensor) => value};
    const capture = withCapture(() => predict(subject), {edit});
    capture.dispose();
    disposeOutput(capture.result);
  });

/** A scalar of all outputs. */
function score({model}: Subject, input: Tensor): Tensor {
  return mean(stack(tensorsOf(predict({model, input})).map((output) => mean(square(output)))));
}

const gradientOfInput = (subject: Subject): Variant =>
  variantOf('tf.grad of the input', () => {
    grad((input: Tensor) => score(subject, input))(subject.input).dispose();
  });

const allGradients = (subject: Subject): Variant =>
  variantOf('withGradients of all', () => {
    withGradients(() => score(subject, subject.input)).dispose();
  });

function isDifferentiable(variant: Variant): boolean {
  try {
    tidy(() => {
      void variant.run();
    });
    return true;
  } catch {
    return false;
  }
}
