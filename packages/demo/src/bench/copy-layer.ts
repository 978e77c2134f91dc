import type {serialization} from '@tensorflow/tfjs-core';
import type {Layer} from './activated-layers.js';

/**
 * Makes a layer of the same class and configuration.
 *
 * @param changes what is to differ in its configuration
 */
export function copyLayer(layer: Layer, changes: serialization.ConfigDict = {}): Layer {
  const LayerClass = layer.constructor as unknown as serialization.SerializableConstructor<Layer>;
  const config = layer.getConfig();
  for (const field of Object.keys(config)) {
    // Random weights would take seconds to draw, and are replaced at once.
    if (field.endsWith('Initializer')) config[field] = 'zeros';
  }
  return LayerClass.fromConfig(LayerClass, {...config, ...changes});
}

/** Gives a layer that has been applied the weights of another: no copy, they share their data. */
export function shareWeights(from: Layer, to: Layer): void {
  const weights = from.getWeights();
  if (weights.length > 0) to.setWeights(weights);
}
