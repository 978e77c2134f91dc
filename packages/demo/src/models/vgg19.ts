import {dispose, io} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {initializers, input, layers, model as layersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {fileSystemIOHandler} from '../io/file-system-io-handler.js';

/**
 * Convolutions per block, and their filters, as in Simonyan and Zisserman (2015), configuration E.
 */
const BLOCKS = [
  {convolutions: 2, filters: 64},
  {convolutions: 2, filters: 128},
  {convolutions: 4, filters: 256},
  {convolutions: 4, filters: 512},
  {convolutions: 4, filters: 512},
];

/** What Keras's VGG19 takes from the blue, the green and the red channel. */
export const vgg19MeansBgr = [103.939, 116.779, 123.68] as const;

export interface Vgg19Options {
  /** Height and width of the input. Default 224; any multiple of 32 without the top. */
  size?: number;
  /** With the classifier: flatten, fc1, fc2, predictions (1000 classes). Default false. */
  includeTop?: boolean;
  /**
   * A layers model saved by TensorFlow.js whose weights are named as in Keras. Default: random
   * weights.
   */
  weightsPath?: string;
  /** Seed of the random weights. Default 19. */
  seed?: number;
}

export interface Vgg19 {
  model: LayersModel;
  /** Where the weights came from, in words. */
  weightsFrom: string;
}

/**
 * VGG19 with Keras's layer names (block1_conv1 … block5_conv4, fc1, fc2, predictions). Input
 * [batch, size, size, 3], blue before green before red, each less its mean (`vgg19MeansBgr`).
 * Random weights are He-scaled (He et al. 2015), uniform, biases 0: deep layers keep the scale of
 * the first.
 *
 * @throws Error if a weight is missing at `weightsPath` or has another shape.
 */
export async function buildVgg19(options: Vgg19Options = {}): Promise<Vgg19> {
  const {size = 224, includeTop = false, weightsPath, seed = 19} = options;
  const model = vgg19Layers(size, includeTop, weightsPath === undefined ? seed : undefined);
  if (weightsPath === undefined) return {model, weightsFrom: `random, He-scaled, seed ${seed}`};
  await copyWeights(weightsPath, model);
  return {model, weightsFrom: weightsPath};
}

function vgg19Layers(size: number, includeTop: boolean, seed: number | undefined): LayersModel {
  let weighted = 0;
  const kernelInitializer = () =>
    seed === undefined ? 'zeros' : initializers.heUniform({seed: seed * 1000 + weighted++});
  const image = input({shape: [size, size, 3], name: 'input_1'});
  let x = image;
  const add = (layer: layers.Layer) => (x = layer.apply(x) as SymbolicTensor);

  for (const [index, {convolutions, filters}] of BLOCKS.entries()) {
    const block = `block${index + 1}`;
    for (let number = 1; number <= convolutions; number++) {
      const name = `${block}_conv${number}`;
      add(
        layers.conv2d({
          name,
          filters,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          kernelInitializer: kernelInitializer(),
        }),
      );
    }
    add(layers.maxPooling2d({name: `${block}_pool`, poolSize: 2, strides: 2}));
  }
  if (includeTop) {
    add(layers.flatten({name: 'flatten'}));
    add(
      layers.dense({
        name: 'fc1',
        units: 4096,
        activation: 'relu',
        kernelInitializer: kernelInitializer(),
      }),
    );
    add(
      layers.dense({
        name: 'fc2',
        units: 4096,
        activation: 'relu',
        kernelInitializer: kernelInitializer(),
      }),
    );
    add(
      layers.dense({
        name: 'predictions',
        units: 1000,
        activation: 'softmax',
        kernelInitializer: kernelInitializer(),
      }),
    );
  }
  return layersModel({inputs: image, outputs: x, name: 'vgg19'});
}

async function copyWeights(path: string, model: LayersModel): Promise<void> {
  const artifacts = await fileSystemIOHandler(path).load?.();
  const {weightData, weightSpecs} = artifacts ?? {};
  if (weightData === undefined || weightSpecs === undefined)
    throw new Error(`buildVgg19: ${path} holds no weights.`);
  const stored = io.decodeWeights(weightData, weightSpecs);
  try {
    model.setWeights(
      model.weights.map(({originalName, shape}) => pick(stored, originalName, shape, path)),
    );
  } finally {
    dispose(stored);
  }
}

function pick(
  stored: Record<string, Tensor>,
  name: string,
  shape: readonly (number | null)[],
  path: string,
): Tensor {
  const found = stored[name];
  if (found === undefined) {
    throw new Error(
      `buildVgg19: ${path} has no weight "${name}". Give a VGG19 with Keras's layer names.`,
    );
  }
  if (found.shape.join() !== shape.join()) {
    throw new Error(
      `buildVgg19: weight "${name}" in ${path} has shape [${found.shape}], VGG19 wants [${shape}].`,
    );
  }
  return found;
}
