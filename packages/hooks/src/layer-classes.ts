/**
 * The one place that knows tfjs-layers' classes: what kinds of layers there are, as far as capturing is
 * concerned.
 */
import {serialization} from '@tensorflow/tfjs-core';
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

/** What matters of a layer. */
export interface LayerTraits {
  readonly kind: 'model' | 'layer' | 'input';
  /** The function's name, if the layer's whole `call` is an activation function of its input. */
  readonly activation: string | null;
}

export function traitsOf(layer: Layer): LayerTraits {
  const className = layer.getClassName();
  const kind = isContainer(layer) ? 'model' : className === 'InputLayer' ? 'input' : 'layer';
  return {kind, activation: ACTIVATION_OF_LAYER[className] ?? softmaxOf(layer, className)};
}

/**
 * A Softmax over several axes is composed of other kernels; over one axis the kernel tells, behind the
 * layer's mask.
 */
function softmaxOf(layer: Layer, className: string): string | null {
  const {axis} = layer as unknown as {axis?: unknown};
  return className === 'Softmax' && Array.isArray(axis) && axis.length > 1 ? 'softmax' : null;
}

/** Whether `model` is the hidden model to which the Sequential `owner` delegates its calls. */
export const isDelegate = (owner: object | null | undefined, model: object): boolean =>
  owner instanceof Sequential && (owner as unknown as {model: unknown}).model === model;

/** Models have layers of their own: LayersModel, Sequential, and their base class Container. */
const isContainer = (layer: object): boolean =>
  layer instanceof (Object.getPrototypeOf(LayersModel) as typeof LayersModel);

export const isLayer = (value: unknown): value is Layer => value instanceof layers.Layer;

/** Where `apply` is defined, and where the methods that begin a model's forward passes are. */
export const baseClasses = (): {layer: object; model: object} => ({
  layer: layers.Layer.prototype,
  model: LayersModel.prototype,
});

/** The prototypes of all registered layers, and of all registered activation functions but linear. */
export function registeredClasses(): {layers: object[]; activations: object[]} {
  const {classNameMap} = serialization.SerializationMap.getMap();
  const relu = classNameMap.relu?.[0];
  const Activation = relu && (Object.getPrototypeOf(relu) as typeof relu);
  const prototypes = Object.entries(classNameMap).map(([name, [{prototype}]]): [string, object] => [
    name,
    prototype as object,
  ]);
  return {
    layers: prototypes.map(([, prototype]) => prototype).filter(isLayer),
    activations: prototypes
      .filter(
        ([name, prototype]) => name !== 'linear' && Activation && prototype instanceof Activation,
      )
      .map(([, prototype]) => prototype),
  };
}
