/**
 * Runs the forward pass of one training step through somebody else's hands.
 *
 * How: every optimizer, of every copy of TensorFlow.js, has the one engine compute gradients. That method
 * is swapped by a plain store while a step is awaited, and put back before the step begins, so that
 * nothing is left to be undone if the step throws. The step is told from other gradients by what is
 * differentiated by: weights of the model.
 */
import {methodNamed, swapMethods} from '@tfjs-capture/core';
import type {MethodSwaps} from '@tfjs-capture/core';
import {engine} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/** What is used of a LayersModel that trains; the weights are private there. */
export interface TrainedModel {
  readonly name: string;
  readonly collectedTrainableWeights: readonly {read(): Tensor}[];
}

export interface AwaitedStep {
  /** Null where nobody told: the next step of any model is the one. */
  readonly model: TrainedModel | null;
  /** Runs the forward pass with its loss, and returns what `run` returns. */
  observe<T>(run: () => T): T;
}

type Gradients = (
  this: object,
  f: () => unknown,
  xs: readonly Tensor[],
  ...rest: unknown[]
) => unknown;

/** Of all monitors. */
const awaited = new Set<AwaitedStep>();
let swaps: MethodSwaps | null = null;

/**
 * Has the next training step observed.
 *
 * @returns waits no longer; does nothing once the step has begun
 */
export function awaitStep(step: AwaitedStep): () => void {
  swaps ??= swapMethods(methodNamed<Gradients>('gradients'), wrapGradients);
  swaps.add(engine());
  awaited.add(step);
  swaps.install();
  return () => {
    giveUp(step);
  };
}

function giveUp(step: AwaitedStep): void {
  if (awaited.delete(step) && awaited.size === 0) swaps?.uninstall();
}

function wrapGradients(original: Gradients): Gradients {
  return function gradients(f, xs, ...rest) {
    const begun = [...awaited].filter((step) => isStepOf(step, xs));
    begun.forEach(giveUp);
    const run = begun.reduce((inner, step) => () => step.observe(inner), f);
    return original.call(this, run, xs, ...rest);
  };
}

function isStepOf({model}: AwaitedStep, xs: readonly Tensor[]): boolean {
  if (xs.length === 0) return false;
  if (model === null) return xs.every((x) => 'assign' in x); // variables alone are trained
  const weights = new Set(model.collectedTrainableWeights.map((weight) => weight.read()));
  return xs.every((x) => weights.has(x));
}
