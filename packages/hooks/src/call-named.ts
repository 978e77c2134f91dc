/** One call of a layer: under its name, and as an activation if the whole of it is one. */
import {firstTensor, kernelOfFunction, runActivation, runNamed} from '@tfjs-capture/core';
import type {CaptureScope} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {isDelegate} from './layer-classes.js';
import type {Layer, LayerTraits} from './layer-classes.js';
import {maskedInput} from './masked-input.js';

export function callNamed(
  scope: CaptureScope,
  layer: Layer,
  {kind, activation, arrangement}: LayerTraits,
  run: (given?: unknown) => unknown,
  inputs: unknown,
  kwargs: unknown,
): unknown {
  const owner = scope.frame?.owner;
  // A layer that calls itself, as `super.call` does, or a Sequential its hidden model, is one call.
  if (kind === 'input' || owner === layer || (kind === 'model' && isDelegate(owner, layer))) {
    return run();
  }
  const runLayer =
    activation === null ? run : () => runWhole(scope, activation, inputs, kwargs, run);
  return runNamed(scope, layer, layer.name, kind, arrangement, inputs, runLayer);
}

/** Runs a layer whose whole `call` is an activation function. */
function runWhole(
  scope: CaptureScope,
  activation: string,
  inputs: unknown,
  kwargs: unknown,
  run: (given?: unknown) => unknown,
): unknown {
  const input = firstTensor(inputs);
  if (!input) return run();
  const masked = activation === 'softmax' ? maskedInput(input, kwargs) : null;
  const pre = masked ?? input;
  const runOn = (given: Tensor): Tensor => run(given === pre ? inputs : given) as Tensor;
  const output = runActivation(scope, activation, kernelOfFunction(activation), pre, runOn);
  masked?.dispose();
  return output;
}
