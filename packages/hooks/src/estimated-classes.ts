/** What an estimate knows of tfjs-layers' classes, beyond what capturing must know. */
import {kernelOfFunction} from '@tfjs-capture/core';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';
import {ofTfjsNamed} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
import type {ActivationFunction} from './layers-methods.js';

/**
 * Classes of tfjs's own that neither activate nor call other layers. Two are left out: RandomWidth draws its
 * shape, and Resizing tells a wrong one.
 */
const QUIET =
  /^(?:Cropping2D|UpSampling2D|Dropout|SpatialDropout1D|Flatten|RepeatVector|Reshape|Permute|Masking|Embedding|Add|Multiply|Average|Maximum|Minimum|Concatenate|Dot|Gaussian(?:Noise|Dropout)|AlphaDropout|(?:Batch|Layer)Normalization|ZeroPadding2D|(?:Global)?(?:Max|Average)Pooling\dD|Rescaling|CenterCrop|CategoryEncoding)$/;

/** Those that do nothing in inference: they give what they are given. */
const IDLE = /^(?:Dropout|SpatialDropout1D|Gaussian(?:Noise|Dropout)|AlphaDropout)$/;

export const isQuiet = (layer: Layer): boolean => QUIET.test(layer.getClassName());

/** How what a quiet layer gives lies in memory: as its input itself, over the same data, or by itself. */
export function sharingOf(layer: Layer): 'input' | 'data' | 'nothing' {
  const className = layer.getClassName();
  if (IDLE.test(className)) return 'input';
  const {dataFormat} = layer as unknown as {dataFormat?: string};
  const reshapes = className === 'Reshape' || className === 'Flatten';
  return reshapes && dataFormat !== 'channelsFirst' ? 'data' : 'nothing';
}

/** The name of an activation function, as hook points have it; null for none, and for 'linear'. */
export function functionNamed(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('apply' in value)) return null;
  const activation = value as ActivationFunction;
  const name = activation.getClassName?.() ?? activation.constructor.name;
  return name === 'linear' ? null : name;
}

/** The kernel that computes a layer's activation function in inference. */
export function kernelIn(layer: Layer, activation: string): string {
  const className = ofTfjsNamed(layer);
  const fuses = activation === 'relu' || activation === 'elu';
  if (fuses && className === 'Dense') return '_FusedMatMul';
  return fuses && className === 'Conv2D' ? 'FusedConv2D' : kernelOfFunction(activation);
}

/** Fields of RNN cells that hold the activation functions of one step, in the order in which they run. */
const GATES: Readonly<Record<string, readonly CellField[]>> = {
  SimpleRNNCell: ['activation'],
  GRUCell: ['recurrentActivation', 'recurrentActivation', 'activation'],
  LSTMCell: [
    'recurrentActivation',
    'recurrentActivation',
    'activation',
    'recurrentActivation',
    'activation',
  ],
};
type CellField = 'activation' | 'recurrentActivation';

/** The activation functions that a cell runs in one step, in order; null for a cell that tfjs does not have. */
export function gatesOf(cell: Layer): readonly string[] | null {
  const className = ofTfjsNamed(cell)?.replace('ConvLSTM2D', 'LSTM') ?? '';
  const fields = GATES[className];
  const held = cell as unknown as Readonly<Record<CellField, unknown>>;
  return fields?.flatMap((field) => functionNamed(held[field]) ?? []) ?? null;
}

/** The fields of wrappers, RNNs and layers with an activation function, as far as they are used here. */
export interface LayerFields {
  /** Of an RNN. */
  readonly cell?: Layer;
  readonly returnSequences?: boolean;
  computeSingleOutputShape?(inputShape: readonly number[]): number[];
  /** Of cells that are stacked. */
  readonly cells?: readonly Layer[];
  readonly stateSize?: number | readonly number[];
  /** Of TimeDistributed. */
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
  readonly mergeMode?: string | null;
  readonly activation?: unknown;
  /** Of a model. */
  readonly inputs?: readonly SymbolicTensor[];
  readonly outputs?: readonly SymbolicTensor[];
}
