import {initializers, input, layers, model} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

const LAYERS = [
  {name: 'hidden_1', units: 64, activation: 'relu'},
  {name: 'hidden_2', units: 64, activation: 'relu'},
  {name: 'classes', units: 10, activation: 'softmax'},
] as const;

/**
 * Three dense layers, random weights: some 50 µs, nearly all of it TensorFlow.js's own overhead, so
 * that ours shows. Input [batch, 64].
 */
export function buildMlp(): LayersModel {
  const features = input({shape: [64], name: 'features'});
  let x = features;
  for (const [index, layer] of LAYERS.entries()) {
    const kernelInitializer = initializers.heUniform({seed: index + 1});
    x = layers.dense({...layer, kernelInitializer}).apply(x) as SymbolicTensor;
  }
  return model({inputs: features, outputs: x, name: 'mlp'});
}
