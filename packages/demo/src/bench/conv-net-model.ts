import {initializers, input, layers, model} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

/**
 * A small convolutional network for MNIST's digits, random weights. Input [batch, 28, 28, 1], values 0 to 1; output
 * [batch, 10], probabilities.
 */
export function buildConvNet(): LayersModel {
  const relu = (name: string, seed: number) => ({
    name,
    activation: 'relu' as const,
    kernelInitializer: initializers.heUniform({seed}),
  });
  const digits = input({shape: [28, 28, 1], name: 'digits'});
  const stack = [
    layers.conv2d({...relu('conv1', 1), filters: 16, kernelSize: 3}),
    layers.conv2d({...relu('conv2', 2), filters: 32, kernelSize: 3}),
    layers.maxPooling2d({poolSize: 2}),
    layers.flatten(),
    layers.dense({...relu('dense', 3), units: 128}),
    layers.dense({...relu('classes', 4), units: 10, activation: 'softmax'}),
  ];
  const outputs = stack.reduce((x, layer) => layer.apply(x) as SymbolicTensor, digits);
  return model({inputs: digits, outputs, name: 'conv_net'});
}
