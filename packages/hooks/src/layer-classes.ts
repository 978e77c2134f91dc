/** What kinds of layers there are, as far as capturing is concerned. */
import {layers, LayersModel, Sequential} from '@tensorflow/tfjs-layers';

export type Layer = layers.Layer;

/** Layers that are an activation function and nothing else, by tfjs class name. */
const ACTIVATION_OF_LAYER: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  LeakyReLU: 'leakyrelu',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholdedRelu',
};

export interface LayerClass {
  readonly kind: 'model' | 'layer' | 'input';
  /** The function's name, if the layer's whole `call` is an activation function of its input. */
  readonly activation: string | null;
}

const classes = new WeakMap<object, LayerClass>();

/** Tells what class a layer is of; remembered per class. */
export function layerClassOf(layer: Layer): LayerClass {
  const {constructor} = layer;
  let found = classes.get(constructor);
  if (found === undefined) {
    const className = layer.getClassName();
    found = {
      kind: isContainer(layer) ? 'model' : className === 'InputLayer' ? 'input' : 'layer',
      activation: ACTIVATION_OF_LAYER[className] ?? null,
    };
    classes.set(constructor, found);
  }
  return found;
}

/**
 * The activation function that a layer's whole `call` is, or null. A Softmax over several axes is
 * composed of other kernels; over one axis the kernel tells, behind the layer's mask.
 */
export function activationOfLayer(layer: Layer): string | null {
  const {activation} = layerClassOf(layer);
  if (activation !== null || layer.getClassName() !== 'Softmax') return activation;
  const {axis} = layer as unknown as {axis?: unknown};
  return Array.isArray(axis) && axis.length > 1 ? 'softmax' : null;
}

/** Whether `model` is the hidden model to which the Sequential `owner` delegates its calls. */
export const isDelegate = (owner: object | null | undefined, model: object): boolean =>
  owner instanceof Sequential && (owner as unknown as {model: unknown}).model === model;

/** Models have layers of their own: LayersModel, Sequential, and their base class Container. */
const isContainer = (layer: object): boolean =>
  layer instanceof (Object.getPrototypeOf(LayersModel) as typeof LayersModel);

export const isLayer = (value: unknown): value is Layer => value instanceof layers.Layer;
