/** A graph as converters make it of a small VGG with two heads: fused convolutions, lone activations, folded names. */
import {seededWeight} from './graph-fixture.js';
import type {GraphSpec, NodeSpec} from './graph-fixture.js';

const type = {type: 'DT_FLOAT'};
const convAttrs = {
  strides: [1, 1, 1, 1],
  padding: 'SAME',
  data_format: 'NHWC',
  dilations: [1, 1, 1, 1],
  T: type,
};

const conv = (scope: string, input: string): NodeSpec => ({
  name: `${scope}/Relu`,
  op: '_FusedConv2D',
  inputs: [input, `${scope}/filter`, `${scope}/bias`],
  attrs: {...convAttrs, num_args: 1, fused_ops: ['BiasAdd', 'Relu']},
});

const linear = (name: string, op: string, inputs: readonly string[]): NodeSpec => ({
  name,
  op,
  inputs,
  attrs: {T: type},
});

/** All its hook points, in the order in which they run. */
export const VGG_LIKE_POINTS = [
  ['vgg19/block1_conv1/Relu', 'relu', 'FusedConv2D'],
  ['vgg19/block4_conv3/Relu', 'relu', 'FusedConv2D'],
  ['vgg19/depthwise/Relu6', 'relu6', 'FusedDepthwiseConv2D'],
  ['vgg19/fc1/Relu', 'relu', '_FusedMatMul'],
  ['vgg19/fc2/Elu', 'elu', 'Elu'],
  ['predictions/Softmax', 'softmax', 'Softmax'],
] as const;

/** The image is [batch, 4, 4, 2]; the outputs are the probabilities, [batch, 3]. */
export function vggLikeGraph(): GraphSpec {
  return {
    inputs: {image: [-1, 4, 4, 2]},
    weights: {
      'vgg19/block1_conv1/filter': seededWeight([3, 3, 2, 3], 21),
      'vgg19/block1_conv1/bias': seededWeight([3], 22),
      'vgg19/block4_conv3/filter': seededWeight([3, 3, 3, 3], 23),
      'vgg19/block4_conv3/bias': seededWeight([3], 24),
      'vgg19/depthwise/filter': seededWeight([3, 3, 3, 1], 25),
      'vgg19/pool/axes': {shape: [2], values: [1, 2], dtype: 'int32'},
      'vgg19/fc1/kernel': seededWeight([3, 5], 26),
      'vgg19/fc1/bias': seededWeight([5], 27),
      'vgg19/fc2/kernel': seededWeight([5, 4], 28),
      'vgg19/fc2/bias': seededWeight([4], 29),
      'predictions/kernel': seededWeight([4, 3], 30),
      'predictions/bias': seededWeight([3], 31),
    },
    nodes: [
      conv('vgg19/block1_conv1', 'image'),
      conv('vgg19/block4_conv3', 'vgg19/block1_conv1/Relu'),
      {
        name: 'vgg19/depthwise/Relu6',
        op: 'FusedDepthwiseConv2dNative',
        inputs: ['vgg19/block4_conv3/Relu', 'vgg19/depthwise/filter'],
        attrs: {...convAttrs, num_args: 0, fused_ops: ['NoOp', 'Relu6']},
      },
      linear('vgg19/pool/Mean', 'Mean', ['vgg19/depthwise/Relu6', 'vgg19/pool/axes']),
      {
        name: 'vgg19/fc1/Relu',
        op: '_FusedMatMul',
        inputs: ['vgg19/pool/Mean', 'vgg19/fc1/kernel', 'vgg19/fc1/bias'],
        attrs: {num_args: 1, fused_ops: ['BiasAdd', 'Relu'], T: type},
      },
      linear('vgg19/fc2/MatMul', 'MatMul', ['vgg19/fc1/Relu', 'vgg19/fc2/kernel']),
      linear('vgg19/fc2/add', 'AddV2', ['vgg19/fc2/MatMul', 'vgg19/fc2/bias']),
      linear('vgg19/fc2/Elu', 'Elu', ['vgg19/fc2/add']),
      {
        name: 'predictions/BiasAdd',
        op: '_FusedMatMul',
        inputs: ['vgg19/fc2/Elu', 'predictions/kernel', 'predictions/bias'],
        attrs: {num_args: 1, fused_ops: ['BiasAdd'], T: type},
      },
      linear('predictions/Softmax', 'Softmax', ['predictions/BiasAdd']),
    ],
    outputs: ['predictions/Softmax'],
  };
}
