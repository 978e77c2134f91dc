import {abs, max, minimum, sub, tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {CapturedActivation} from '../captured-activation.js';
import {count} from './check.js';
import type {Check} from './check.js';

/**
 * Whether each captured `post` is what TensorFlow.js gives for the activation of that name on the
 * captured `pre`, run again outside the model.
 */
export function checkActivations(
  captured: readonly CapturedActivation[],
  model: LayersModel,
): Check {
  let largest = 0;
  let values = 0;
  for (const {layer, activation, pre, post} of captured) {
    const difference = tidy(
      () =>
        max(abs(sub(post, activate(pre, activation, maxValueOf(model, layer))))).dataSync()[0] ??
        NaN,
    );
    // NaN would lose against every number in Math.max's place.
    if (!(difference <= largest)) largest = difference;
    values += post.size;
  }
  return {
    passed: largest === 0,
    sentence:
      `post = activation(pre): largest difference ${largest} ` +
      `over ${count(values)} values of ${captured.length} activations`,
  };
}

function activate(pre: Tensor, activation: string, maxValue: number | undefined): Tensor {
  const activated = layers.activation({activation: activation as 'relu'}).apply(pre) as Tensor;
  return maxValue === undefined ? activated : minimum(activated, maxValue);
}

/** A ReLU layer can have a ceiling. It is no part of the activation's name. */
function maxValueOf(model: LayersModel, layer: string): number | undefined {
  const {maxValue} = model.getLayer(layer).getConfig();
  return typeof maxValue === 'number' ? maxValue : undefined;
}
