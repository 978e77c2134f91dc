import {loadGraphModel} from '@tensorflow/tfjs-converter';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {io} from '@tensorflow/tfjs-core';

/**
 * A GraphModel with what makes graphs different: an activation that is fused and ones that are nodes of
 * their own, one of them fed by another than the first output of a node, nodes that share data, and two
 * outputs. Input [batch, 4]; the names of its activations are 'dense', 'relu6' and 'gate'.
 */
export function smallGraph(): Promise<GraphModel> {
  const float = {dtype: {type: 'DT_FLOAT'}};
  const node = (name: string, op: string, input: string[], attr: object = {}) => ({
    name,
    op,
    input,
    attr,
  });
  const list = (...names: string[]) => ({
    list: {s: names.map((name) => Buffer.from(name).toString('base64'))},
  });
  const info = (name: string, columns: number) => ({
    name: `${name}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: {dim: [{size: '-1'}, {size: String(columns)}]},
  });
  const weights = Float32Array.from({length: 20}, (_, index) => Math.sin(index + 1));
  const modelTopology = {
    node: [
      node('x', 'Placeholder', [], float),
      node('kernel', 'Const', [], float),
      node('bias', 'Const', [], float),
      node('dense', '_FusedMatMul', ['x', 'kernel', 'bias'], {
        fused_ops: list('BiasAdd', 'Relu'),
        num_args: {i: 1},
      }),
      node('product', 'MatMul', ['dense', 'kernel']),
      node('relu6', 'Relu6', ['product']),
      node('columns', 'Unpack', ['product'], {num: {i: 4}, axis: {i: 1}}),
      node('gate', 'Sigmoid', ['columns:1']),
      node('Identity', 'Identity', ['relu6']),
      node('Identity_1', 'Identity', ['gate']),
    ],
    versions: {producer: 0, minConsumer: 0},
  };
  return loadGraphModel(
    io.fromMemory({
      modelTopology,
      weightSpecs: [
        {name: 'kernel', shape: [4, 4], dtype: 'float32'},
        {name: 'bias', shape: [4], dtype: 'float32'},
      ],
      weightData: weights.buffer,
      signature: {
        inputs: {x: info('x', 4)},
        outputs: {Identity: info('Identity', 4), Identity_1: info('Identity_1', 1)},
      },
    }),
  );
}
