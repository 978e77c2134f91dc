/** One graph per op that tfjs-converter fuses: its node, its weights, an input that fits. */
import {tensor as tensorLike} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {seeded} from '../fidelity/seeded-values.js';
import {seededWeight} from './graph-fixture.js';
import type {AttributeSpec, GraphSpec, NodeSpec, WeightSpec} from './graph-fixture.js';

/** The activations that converters write into `fused_ops`, as TensorFlow spells them. */
export const FUSED_ACTIVATIONS = ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Prelu', 'LeakyRelu'] as const;
export type FusedActivation = (typeof FUSED_ACTIVATIONS)[number];

export interface FusedKind {
  readonly title: string;
  readonly op: '_FusedConv2D' | 'FusedDepthwiseConv2dNative' | '_FusedMatMul';
  readonly inputShape: readonly number[];
  readonly filterShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly attrs: Readonly<Record<string, AttributeSpec>>;
}

const conv = {strides: [1, 1, 1, 1], padding: 'SAME', data_format: 'NHWC', dilations: [1, 1, 1, 1]};
const spatial = [2, 5, 4, 3];

export const FUSED_KINDS: readonly FusedKind[] = [
  {
    title: 'conv2d',
    op: '_FusedConv2D',
    inputShape: spatial,
    filterShape: [3, 3, 3, 4],
    outputShape: [2, 5, 4, 4],
    attrs: conv,
  },
  {
    title: 'conv2d of 1 by 1, strided, VALID',
    op: '_FusedConv2D',
    inputShape: spatial,
    filterShape: [1, 1, 3, 4],
    outputShape: [2, 3, 2, 4],
    attrs: {...conv, strides: [1, 2, 2, 1], padding: 'VALID'},
  },
  {
    title: 'conv2d with explicit padding, dilated',
    op: '_FusedConv2D',
    inputShape: spatial,
    filterShape: [2, 2, 3, 4],
    outputShape: [2, 5, 4, 4],
    attrs: {
      ...conv,
      padding: 'EXPLICIT',
      explicit_paddings: [0, 0, 1, 1, 2, 0, 0, 0],
      dilations: [1, 2, 2, 1],
    },
  },
  {
    title: 'depthwise conv2d',
    op: 'FusedDepthwiseConv2dNative',
    inputShape: spatial,
    filterShape: [3, 3, 3, 1],
    outputShape: [2, 5, 4, 3],
    attrs: conv,
  },
  {
    title: 'depthwise conv2d, strided, two per channel',
    op: 'FusedDepthwiseConv2dNative',
    inputShape: spatial,
    filterShape: [3, 3, 3, 2],
    outputShape: [2, 3, 2, 6],
    attrs: {...conv, strides: [1, 2, 2, 1]},
  },
  ...[false, true].flatMap((a) =>
    [false, true].map((b): FusedKind => ({
      title: `matMul${a ? ' of a transposed' : ''}${b ? ' with b transposed' : ''}`,
      op: '_FusedMatMul',
      inputShape: a ? [6, 5] : [5, 6],
      filterShape: b ? [4, 6] : [6, 4],
      outputShape: [5, 4],
      attrs: {transpose_a: a, transpose_b: b},
    })),
  ),
];

export const LEAKY_ALPHA = 0.3;

/** What tfjs-converter cannot run: it takes the alpha of a matMul without bias for the bias. */
export const isUnsupported = (
  {op}: FusedKind,
  activation: FusedActivation,
  hasBias: boolean,
): boolean => op === '_FusedMatMul' && activation === 'Prelu' && !hasBias;

/** tfjs-converter reads no alpha for depthwise convolutions: what it computes then differs by backend and tape. */
export const losesAlpha = ({op}: FusedKind, activation: FusedActivation): boolean =>
  op === 'FusedDepthwiseConv2dNative' && activation === 'LeakyRelu';

/** The node alone between input and output: 'scope/act', of 'x'. */
export function fusedGraph(
  kind: FusedKind,
  activation: FusedActivation,
  hasBias: boolean,
): GraphSpec {
  const channels = kind.outputShape.at(-1)!;
  const weights: Record<string, WeightSpec> = {'scope/filter': seededWeight(kind.filterShape, 11)};
  if (hasBias) weights['scope/bias'] = seededWeight([channels], 12);
  if (activation === 'Prelu') weights['scope/alpha'] = seededWeight([channels], 13, 0.5);
  const inputs = ['x', ...Object.keys(weights)];
  const node: NodeSpec = {
    name: 'scope/act',
    op: kind.op,
    inputs,
    attrs: {
      ...kind.attrs,
      T: {type: 'DT_FLOAT'},
      num_args: inputs.length - 2,
      fused_ops: [hasBias ? 'BiasAdd' : 'NoOp', activation],
      ...(activation === 'LeakyRelu' && {leakyrelu_alpha: {float: LEAKY_ALPHA}}),
    },
  };
  return {
    inputs: {x: kind.inputShape.map((size, axis) => (axis === 0 ? -1 : size))},
    weights,
    // Something after it, so that the result is not the node's own output.
    nodes: [node, {name: 'twice', op: 'AddV2', inputs: ['scope/act', 'scope/act']}],
    outputs: ['twice'],
  };
}

/** An input of finite values; all kinds of others if `broken`. */
export function inputFor(kind: FusedKind, broken = false): Tensor {
  const x = seeded(kind.inputShape, 3);
  if (!broken) return x;
  const values = x.dataSync().slice();
  values[0] = NaN;
  values[Math.floor(values.length / 2)] = Infinity;
  values[values.length - 1] = -Infinity;
  x.dispose();
  return tensorLike(values, [...kind.inputShape]);
}
