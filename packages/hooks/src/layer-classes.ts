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

/** tfjs classes in which activations happen, or that call other layers. */
const WITH_ACTIVATIONS =
  /^(Dense|(Separable|Depthwise)?Conv\dD(Transpose)?|Activation|Softmax|\w*ReLU|ELU|(SimpleRNN|GRU|LSTM|ConvLSTM2D)(Cell)?|RNN|StackedRNNCells|TimeDistributed|Bidirectional)$/;

/** The most common tfjs classes in which none happen. What is missing here costs time, nothing else. */
const WITHOUT_ACTIVATIONS =
  /^(Flatten|Reshape|Embedding|Dropout|BatchNormalization|Add|Concatenate|\w+Padding2D|\w+Pooling\dD)$/;

/** What matters of a layer. */
export interface LayerTraits {
  readonly kind: 'model' | 'layer' | 'input';
  /** The function's name, if the layer's whole `call` is an activation function of its input. */
  readonly activation: string | null;
  /** How it permutes the axes of what its activation gives, if it does. */
  readonly arrangement: readonly number[] | null;
  /** Whether it may call layers that nobody has seen: all but tfjs's own may. */
  readonly isOfUser: boolean;
}

export function traitsOf(layer: Layer): LayerTraits {
  const className = layer.getClassName();
  const kind = isModel(layer) ? 'model' : className === 'InputLayer' ? 'input' : 'layer';
  return {
    kind,
    activation: ACTIVATION_OF_LAYER[className] ?? softmaxOf(layer, className),
    arrangement: isChannelsFirst(layer) ? LAST_TO_FIRST : null,
    isOfUser: kind === 'layer' && !isOfTfjs(layer, className),
  };
}

const LAST_TO_FIRST = [0, 3, 1, 2];

/** Two-dimensional convolutions with channels first compute, and some activate, with channels last. */
function isChannelsFirst(layer: Layer): boolean {
  const {rank, dataFormat} = layer as unknown as {rank?: number; dataFormat?: string};
  return rank === 2 && dataFormat === 'channelsFirst';
}

function isOfTfjs(layer: Layer, className: string): boolean {
  const {classNameMap} = serialization.SerializationMap.getMap();
  const known = WITH_ACTIVATIONS.test(className) || WITHOUT_ACTIVATIONS.test(className);
  return known && classNameMap[className]?.[0] === (layer.constructor as unknown);
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
export const isModel = (layer: object): boolean =>
  layer instanceof (Object.getPrototypeOf(LayersModel) as typeof LayersModel);

export const isLayer = (value: unknown): value is Layer => value instanceof layers.Layer;

/**
 * Where `apply` is defined, where the methods that begin a model's forward passes are, and what else
 * has a `call` of a model.
 */
export const baseClasses = (): {layer: object; model: object; sequential: object} => ({
  layer: layers.Layer.prototype,
  model: LayersModel.prototype,
  sequential: Sequential.prototype,
});

/** The prototypes of the registered classes in which activations happen. */
export function classesWithActivations(): object[] {
  const {classNameMap} = serialization.SerializationMap.getMap();
  return Object.entries(classNameMap)
    .filter(([name]) => WITH_ACTIVATIONS.test(name))
    .map(([, [{prototype}]]): object => prototype as object)
    .filter(isLayer);
}
