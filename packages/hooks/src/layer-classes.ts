/**
 * The one place that knows tfjs-layers' classes: what kinds of layers there are, as far as capturing is
 * concerned.
 */
import {isTensor} from '@tfjs-capture/core';
import type {Layout} from '@tfjs-capture/core';
import {serialization} from '@tensorflow/tfjs-core';
import {LayersModel, Sequential} from '@tensorflow/tfjs-layers';
import type {layers} from '@tensorflow/tfjs-layers';

export type Layer = layers.Layer;

/** Layers that are an activation function and nothing else, by tfjs class name. */
const ACTIVATION_OF_LAYER: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  LeakyReLU: 'leakyrelu',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholdedRelu',
};

/**
 * Classes of tfjs's own: first, as a group, those in which activations happen or that call other
 * layers, then the most common of the others. What is missing of these costs time, nothing else.
 */
const OF_TFJS =
  /^(?:(Dense|(?:Separable|Depthwise)?Conv\dD(?:Transpose)?|Activation|Softmax|\w*ReLU|ELU|(?:SimpleRNN|GRU|LSTM|ConvLSTM2D)(?:Cell)?|RNN|StackedRNNCells|TimeDistributed|Bidirectional)|Flatten|Reshape|Dropout|BatchNormalization|Add|Concatenate|\w+Padding2D|\w+Pooling\dD)$/;

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
    isOfUser: kind === 'layer' && !ofTfjs.has(layer.constructor),
  };
}

const LAST_TO_FIRST = [0, 3, 1, 2];

/** Two-dimensional convolutions with channels first compute, and some activate, with channels last. */
function isChannelsFirst(layer: Layer): boolean {
  const {rank, dataFormat} = layer as unknown as {rank?: number; dataFormat?: string};
  return rank === 2 && dataFormat === 'channelsFirst';
}

/** Where an activation lies otherwise than in the layer's output: in its rows, or in its axes. */
type LayoutKind = 'rows' | 'axes' | null;
const layoutKinds = new WeakMap<object, LayoutKind>();

/** How what a layer's activation computes lies in its output, if it does so otherwise. */
export function layoutOf(layer: object, inputs: unknown): Layout | null {
  let kind = layoutKinds.get(layer);
  if (kind === undefined) layoutKinds.set(layer, (kind = isLayer(layer) ? kindOf(layer) : null));
  if (kind === 'axes') return {perm: LAST_TO_FIRST, leading: null};
  const input: unknown = Array.isArray(inputs) ? inputs[0] : inputs;
  // Matrices alone are multiplied: other dimensions are rows meanwhile.
  return kind && isTensor(input) ? {perm: null, leading: input.shape.slice(0, -1)} : null;
}

function kindOf(layer: Layer): LayoutKind {
  const className = ofTfjsNamed(layer);
  if (className === 'Dense') return 'rows';
  const {activation} = layer as unknown as {activation?: {getClassName?(): string}};
  // What tfjs fuses, or would fuse without a tape, has its channels last.
  const isFused = className === 'Conv2D' && /^r?elu$/.test(activation?.getClassName?.() ?? '');
  return isChannelsFirst(layer) && (isFused || className === 'SeparableConv2D') ? 'axes' : null;
}

/** The class of tfjs's own that a layer is of, by name: users' classes extend them. */
export function ofTfjsNamed(layer: Layer): string | undefined {
  let at = layer.constructor as {className?: string} | null;
  while (at && !OF_TFJS.test(at.className ?? '')) at = Object.getPrototypeOf(at) as typeof at;
  return at?.className;
}

/** The classes of tfjs's own that have been learnt. By name too, since users register theirs beside them. */
const ofTfjs = new WeakSet();

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
  owner != null && isModel(owner) && (owner as {model?: unknown}).model === model;

/** Models have layers of their own: LayersModel, Sequential, and their base class Container. */
export const isModel = (layer: object): boolean => 'runInternalGraph' in layer;

/** Of any copy of tfjs-layers: each has classes of its own. */
export const isLayer = (value: unknown): value is Layer =>
  typeof value === 'object' && value !== null && 'countParams' in value && 'inboundNodes' in value;

/** A copy of tfjs-layers; its serialization map is that of the tfjs-core it came with. */
export interface LayersNamespace {
  readonly LayersModel: typeof LayersModel;
  readonly Sequential?: typeof Sequential;
  readonly serialization?: typeof serialization;
}

/** The copy that this package imports. */
export const ownNamespace = (): LayersNamespace => ({
  LayersModel,
  Sequential,
  serialization,
});

/** Gets to know a copy's classes. Returns the prototypes of those in which activations happen. */
export function learnClasses({serialization: known}: LayersNamespace): object[] {
  const active: object[] = [];
  const {classNameMap} = (known ?? serialization).SerializationMap.getMap();
  for (const [name, [registered]] of Object.entries(classNameMap)) {
    const match = OF_TFJS.exec(name);
    if (match) ofTfjs.add(registered);
    const prototype = registered.prototype as object;
    if (match?.[1] && 'countParams' in prototype) active.push(prototype);
  }
  return active;
}
