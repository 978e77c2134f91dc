/** Every kind of layer that takes an activation function, in the variants that run other code. */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import type {ActivationIdentifier} from '@tensorflow/tfjs-layers/dist/keras_format/activation_config.js';

import {activate, isFusedByLayers} from './activation-functions.js';
import type {Route} from './routes.js';
import {setSeededWeights} from './seeded-values.js';

type Layer = layers.Layer;

export interface LayerKind {
  readonly name: string;
  /** Without the batch dimension. */
  readonly inputShape: number[];
  readonly build: (config: {name: string; activation: ActivationIdentifier}) => Layer;
  /**
   * For layers that have fused kernels: whether they run one that adds the bias, as their linear variant
   * always does, and what they run up to the activation where they do not, given kernel and bias.
   */
  readonly fusing?: {
    addsBias(activation: string, route: Route): boolean;
    otherwise(x: Tensor, weights: Tensor[]): Tensor;
  };
  /** Set where every activation is applied between a transposition to channels last and one back. */
  readonly activatesChannelsLast?: true;
}

const addBias = (x: Tensor, bias: Tensor | undefined): Tensor => (bias ? tf.add(x, bias) : x);

const toChannelsLast = (x: Tensor): Tensor => tf.transpose(x, [0, 2, 3, 1]);
const toChannelsFirst = (x: Tensor): Tensor => tf.transpose(x, [0, 3, 1, 2]);

const matMul = (x: Tensor, [kernel, bias]: Tensor[]): Tensor => {
  const rows = tf.reshape(x, [-1, kernel!.shape[0]]);
  const product = addBias(tf.matMul(rows, kernel!), bias);
  return tf.reshape(product, [...x.shape.slice(0, -1), kernel!.shape[1]!]);
};

export const dense = (
  name: string,
  inputShape: number[],
  options: {units?: number; useBias?: boolean} = {},
): LayerKind => ({
  name,
  inputShape,
  build: (config) => layers.dense({units: 4, ...options, ...config}),
  fusing: {
    addsBias: (activation, route) => route === 'fused' && isFusedByLayers(activation),
    otherwise: matMul,
  },
});

type Conv2DOptions = Omit<Parameters<typeof layers.conv2d>[0], 'filters'> & {filters?: number};

export const conv2d = (name: string, inputShape: number[], options: Conv2DOptions): LayerKind => ({
  name,
  inputShape,
  build: (config) => layers.conv2d({filters: 4, ...options, ...config}),
  fusing: {
    addsBias: (activation, route) => route === 'fused' || !isFusedByLayers(activation),
    otherwise(x, [kernel, bias]) {
      const {strides = 1, padding = 'valid', dilationRate = 1, dataFormat} = options;
      const y = addBias(
        tf.conv2d(
          (dataFormat === 'channelsFirst' ? toChannelsLast(x) : x) as Tensor4D,
          kernel as Tensor4D,
          strides as number,
          padding as 'valid' | 'same',
          'NHWC',
          dilationRate as number,
        ),
        bias,
      );
      return dataFormat === 'channelsFirst' ? toChannelsFirst(y) : y;
    },
  },
});

const image = [6, 7, 3];
const volume = [4, 5, 3, 2];
const channelsFirst = {dataFormat: 'channelsFirst'} as const;
const same = {padding: 'same'} as const;

export const LAYER_KINDS: readonly LayerKind[] = [
  dense('Dense', [5]),
  dense('Dense without bias', [5], {useBias: false}),
  dense('Dense on rank 3', [3, 5]),
  dense('Dense on rank 4', [2, 3, 5]),
  conv2d('Conv2D', image, {kernelSize: 3}),
  conv2d('Conv2D same', image, {kernelSize: [2, 3], ...same}),
  conv2d('Conv2D strided', image, {kernelSize: 3, strides: 2, ...same}),
  conv2d('Conv2D dilated', image, {kernelSize: 2, dilationRate: 2}),
  conv2d('Conv2D without bias', image, {kernelSize: 3, useBias: false}),
  conv2d('Conv2D 1x1', image, {kernelSize: 1}),
  conv2d('Conv2D channels first', [3, 6, 7], {kernelSize: 3, ...channelsFirst}),
  {
    name: 'Conv1D',
    inputShape: [8, 3],
    build: (config) => layers.conv1d({...config, filters: 4, kernelSize: 3, strides: 2}),
  },
  {
    name: 'Conv1D dilated',
    inputShape: [8, 3],
    build: (config) =>
      layers.conv1d({...config, filters: 4, kernelSize: 2, dilationRate: 2, ...same}),
  },
  {
    name: 'Conv3D',
    inputShape: volume,
    build: (config) => layers.conv3d({...config, filters: 3, kernelSize: 2}),
  },
  {
    name: 'Conv3D channels first',
    inputShape: [2, 4, 5, 3],
    build: (config) =>
      layers.conv3d({...config, filters: 3, kernelSize: 2, ...same, ...channelsFirst}),
  },
  {
    name: 'Conv2DTranspose',
    inputShape: [4, 5, 3],
    build: (config) =>
      layers.conv2dTranspose({...config, filters: 2, kernelSize: 3, strides: 2, ...same}),
  },
  {
    name: 'Conv2DTranspose channels first',
    inputShape: [3, 4, 5],
    build: (config) =>
      layers.conv2dTranspose({...config, filters: 2, kernelSize: 3, ...channelsFirst}),
  },
  {
    name: 'Conv3DTranspose',
    inputShape: [2, 3, 2, 2],
    build: (config) => layers.conv3dTranspose({...config, filters: 2, kernelSize: 2, strides: 2}),
  },
  {
    name: 'SeparableConv2D',
    inputShape: image,
    build: (config) =>
      layers.separableConv2d({...config, filters: 4, kernelSize: 3, depthMultiplier: 2}),
  },
  {
    name: 'SeparableConv2D channels first',
    inputShape: [3, 6, 7],
    activatesChannelsLast: true,
    // With a bias tfjs-layers fails.
    build: (config) =>
      layers.separableConv2d({
        ...config,
        filters: 4,
        kernelSize: 3,
        useBias: false,
        ...same,
        ...channelsFirst,
      }),
  },
  {
    name: 'DepthwiseConv2D',
    inputShape: image,
    build: (config) =>
      layers.depthwiseConv2d({...config, kernelSize: 3, depthMultiplier: 2, strides: 2}),
  },
  {
    name: 'DepthwiseConv2D same, without bias',
    inputShape: image,
    build: (config) => layers.depthwiseConv2d({...config, kernelSize: 3, useBias: false, ...same}),
  },
];

/** Builds a layer of this kind and gives it weights that every layer of this kind gets. */
export function buildLayer(
  {build, inputShape}: LayerKind,
  name: string,
  activation: ActivationIdentifier,
): Layer {
  const layer = build({name, activation});
  layer.build([null, ...inputShape]);
  layer.built = true;
  setSeededWeights(layer);
  return layer;
}

/**
 * What goes into the activation of a layer, by other means than capturing it: what the same layer with
 * linear activation gives, or the operations that stand for a fused kernel on the taped route.
 *
 * @param x the layer's input
 */
export function referencePre(
  kind: LayerKind,
  activation: string,
  layer: Layer,
  x: Tensor,
  route: Route,
): Tensor {
  if (kind.fusing && !kind.fusing.addsBias(activation, route)) {
    return kind.fusing.otherwise(x, layer.getWeights());
  }
  const linear = kind.build({name: `${layer.name}_linear`, activation: 'linear'});
  linear.build([null, ...kind.inputShape]);
  linear.built = true;
  linear.setWeights(layer.getWeights());
  const pre = linear.apply(x) as Tensor;
  for (const weight of linear.weights) weight.dispose();
  return pre;
}

/** The activation of `pre` as a layer of this kind applies it. */
export function activateAs(kind: LayerKind, activation: string, pre: Tensor): Tensor {
  if (!kind.activatesChannelsLast) return activate(activation, pre);
  return toChannelsFirst(activate(activation, toChannelsLast(pre)));
}
