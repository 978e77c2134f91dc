import {abs, dispose, max, mean, sub, tidy, variableGrads} from '@tensorflow/tfjs-core';
import type {NamedTensorMap, Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {model as layersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Check} from '../verify/check.js';
import type {Generator} from './generator.js';
import {featuresOf} from './perceptual-loss.js';
import type {FeaturePoint} from './perceptual-loss.js';

/** The largest difference that passes, as a share of the largest gradient. */
const TOLERANCE = 1e-5;

/**
 * Whether the loss's gradients through captured tensors are those that a network gives which ends
 * where the features are taken: before a ReLU that is a layer of its own, that can be written by
 * hand.
 *
 * @param input what the generator enlarges
 * @param target as the enlargement
 */
export function checkGradients(
  point: FeaturePoint,
  generator: Generator,
  input: Tensor4D,
  target: Tensor4D,
): Check {
  const cut = cutAt(point);
  const gradientsOf = (features: (image: Tensor) => Tensor) => {
    const targetFeatures = tidy(() => features(target));
    const {value, grads} = variableGrads(
      () => mean(abs(sub(features(generator.upscale(input)), targetFeatures))),
      [...generator.weights],
    );
    dispose([value, targetFeatures]);
    return grads;
  };
  const captured = gradientsOf((image) => featuresOf(point, image));
  const written = gradientsOf((image) => cut.apply(image) as Tensor);
  const {difference, largest} = compare(captured, written);
  dispose([captured, written]);
  return {
    passed: difference <= TOLERANCE * largest,
    sentence:
      `gradients through capture.${point.side} = those of a network that ends there: ` +
      `largest difference ${difference}, largest gradient ${largest.toPrecision(3)}`,
  };
}

/** Its output is what `capture.pre` or `capture.post` gives. Shares the network's layers. */
function cutAt({network, layer, side}: FeaturePoint): LayersModel {
  const {input, output} = network.getLayer(layer);
  return layersModel({inputs: network.inputs, outputs: side === 'pre' ? input : output});
}

function compare(
  left: NamedTensorMap,
  right: NamedTensorMap,
): {difference: number; largest: number} {
  let difference = 0;
  let largest = 0;
  for (const [name, gradient] of Object.entries(left)) {
    const other = right[name];
    const here = other === undefined ? NaN : largestOf(() => sub(gradient, other));
    // NaN would lose against every number in Math.max's place.
    if (!(here <= difference)) difference = here;
    largest = Math.max(
      largest,
      largestOf(() => gradient),
    );
  }
  return {difference, largest};
}

function largestOf(values: () => Tensor): number {
  return tidy(() => max(abs(values())).dataSync()[0] ?? NaN);
}
