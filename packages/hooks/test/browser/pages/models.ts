/** Small models with fixed weights, and where in them each activation's output can be had by a sub-model. */
import {layers, model as modelOf} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {setSeededWeights} from '../../fidelity/seeded-values.js';

export interface Net {
  readonly model: LayersModel;
  readonly inputShape: readonly number[];
  /** The symbolic output of each hook point, by its name. */
  readonly outputs: Readonly<Record<string, SymbolicTensor>>;
}

/** Makes a net; in the one called `linear`, if any, the activation is left out. */
export type NetMaker = (linear?: string) => Net;

/** Convolutions and dense layers with relu, fused; a ReLU layer up to 6; a nested model. */
function relus(linear?: string): Net {
  const relu = (name: string) => (name === linear ? 'linear' : 'relu');
  const input = layers.input({shape: [8, 8, 3]});
  const stem = layers
    .conv2d({name: 'stem', filters: 4, kernelSize: 3, activation: relu('stem')})
    .apply(input) as SymbolicTensor;
  const project = layers.conv2d({name: 'project', filters: 3, kernelSize: 1});
  const projected = project.apply(stem) as SymbolicTensor;
  const cap =
    linear === 'cap'
      ? projected
      : (layers.reLU({name: 'cap', maxValue: 6}).apply(projected) as SymbolicTensor);

  const innerInput = layers.input({shape: [6, 6, 3]});
  const inner = layers
    .conv2d({name: 'inner', filters: 4, kernelSize: 3, activation: relu('encoder/inner')})
    .apply(innerInput) as SymbolicTensor;
  const encoder = modelOf({name: 'encoder', inputs: innerInput, outputs: inner});
  const encoded = encoder.apply(cap) as SymbolicTensor;

  const flat = layers.flatten().apply(encoded);
  const hidden = layers
    .dense({name: 'hidden', units: 6, activation: relu('hidden')})
    .apply(flat) as SymbolicTensor;
  const out = layers.dense({name: 'out', units: 2}).apply(hidden) as SymbolicTensor;
  return seededNet(modelOf({inputs: input, outputs: out}), [8, 8, 3], {
    stem,
    cap,
    'encoder/inner': encoded,
    hidden,
  });
}

/** Functions that need more than a comparison: fused elu, composed swish, a softmax at the end. */
function transcendental(linear?: string): Net {
  const unless = (name: string, activation: 'elu' | 'swish' | 'softmax') =>
    name === linear ? 'linear' : activation;
  const input = layers.input({shape: [6, 6, 2]});
  const bent = layers
    .conv2d({name: 'bent', filters: 3, kernelSize: 3, activation: unless('bent', 'elu')})
    .apply(input) as SymbolicTensor;
  const gated = layers
    .conv2d({name: 'gated', filters: 2, kernelSize: 3, activation: unless('gated', 'swish')})
    .apply(bent) as SymbolicTensor;
  const odds = layers
    .dense({name: 'odds', units: 3, activation: unless('odds', 'softmax')})
    .apply(layers.flatten().apply(gated)) as SymbolicTensor;
  return seededNet(modelOf({inputs: input, outputs: odds}), [6, 6, 2], {bent, gated, odds});
}

function seededNet(model: LayersModel, inputShape: number[], outputs: Net['outputs']): Net {
  setSeededWeights(model);
  return {model, inputShape, outputs};
}

export const NETS = {relus, transcendental};
export type NetName = keyof typeof NETS;
