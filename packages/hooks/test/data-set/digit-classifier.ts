// A small convolutional network that tells digits apart, trained here.
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential} from '@tensorflow/tfjs-layers';
import type {Sequential} from '@tensorflow/tfjs-layers';
import {registerGradientKernels} from '@tfjs-capture/hooks';
import {mnistDigits} from './mnist-digits.js';

const TRAINED_ON = 1_600;
/** Two hundred steps. */
const BATCH = 8;

/** The names of its activations, in execution order, and how many channels each has. */
export const HOOK_POINTS = {conv1: 16, conv2: 32, dense: 128, classes: 10} as const;

/** Trained on WASM whatever the backend, since the CPU backend takes minutes. Leaves that set which was. */
export async function trainedClassifier(): Promise<Sequential> {
  const backend = tf.getBackend();
  await tf.setBackend('wasm');
  const trained = build();
  const unregister = registerGradientKernels('wasm');
  const {images, labels} = mnistDigits('train', TRAINED_ON);
  const classes = tf.oneHot(labels, 10);
  trained.compile({optimizer: tf.train.adam(0.002), loss: 'categoricalCrossentropy'});
  await trained.fit(images, classes, {batchSize: BATCH, shuffle: false});
  tf.dispose([images, labels, classes]);
  unregister();
  const weights = trained.getWeights().map((weight) => [weight.dataSync(), weight.shape] as const);
  trained.dispose();
  await tf.setBackend(backend);
  const classifier = build();
  classifier.setWeights(weights.map(([values, shape]) => tf.tensor(values, shape)));
  return classifier;
}

function build(): Sequential {
  const options = (name: keyof typeof HOOK_POINTS, seed: number) => ({
    name,
    kernelInitializer: initializers.heUniform({seed}),
    activation: name === 'classes' ? ('softmax' as const) : ('relu' as const),
  });
  const conv = {filters: 16, kernelSize: 3};
  return sequential({
    layers: [
      layers.conv2d({...options('conv1', 1), ...conv, inputShape: [28, 28, 1]}),
      layers.conv2d({...options('conv2', 2), ...conv, filters: HOOK_POINTS.conv2}),
      layers.maxPooling2d({poolSize: 2}),
      layers.flatten(),
      layers.dense({...options('dense', 3), units: HOOK_POINTS.dense}),
      layers.dense({...options('classes', 4), units: HOOK_POINTS.classes}),
    ],
  });
}
