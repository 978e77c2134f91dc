/** Small GraphModels, built in memory from a readable list of nodes. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {seeded} from '../fidelity/seeded-values.js';
import {encode} from './graph-artifacts.js';
import type {Attribute, GraphArtifacts, GraphFunction, GraphNode} from './graph-artifacts.js';
import {modelOf} from './load-graph-models.js';

/** One node: an op, its inputs by name, its attributes as plain values. */
export interface NodeSpec {
  readonly name: string;
  readonly op: string;
  readonly inputs?: readonly string[];
  readonly attrs?: Readonly<Record<string, AttributeSpec>>;
}

export type AttributeSpec =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | {readonly func: string}
  | {readonly type: string}
  | {readonly float: number};

/** A constant; its node is added to the graph. Numbers are float32 scalars. */
export type WeightSpec =
  | number
  | {
      readonly shape: readonly number[];
      readonly values: ArrayLike<number>;
      readonly dtype?: 'int32';
    };

export interface GraphSpec {
  /** Placeholders: name → shape, -1 for what is open. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly nodes: readonly NodeSpec[];
  readonly weights?: Readonly<Record<string, WeightSpec>>;
  /** Names of nodes. */
  readonly outputs: readonly string[];
  readonly functions?: Readonly<Record<string, FunctionSpec>>;
}

/** A function of the graph's library: the body or condition of a loop, a branch. */
export interface FunctionSpec {
  /** Names of its arguments, in order, with their TensorFlow types. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly nodes: readonly NodeSpec[];
  /** Their names are those of the whole model, as tfjs has one map of weights. */
  readonly weights?: Readonly<Record<string, WeightSpec>>;
  /** Names of nodes or arguments, in order, with ':0' understood. */
  readonly outputs: readonly string[];
}

/** Builds the model. */
export const buildGraphModel = (spec: GraphSpec): Promise<GraphModel> =>
  modelOf(graphArtifacts(spec));

/** The artifacts of the model. */
export function graphArtifacts(spec: GraphSpec): GraphArtifacts {
  const functions = Object.entries(spec.functions ?? {});
  const weights = Object.entries(
    Object.assign({}, spec.weights, ...functions.map(([, {weights: own}]) => own ?? {})) as Record<
      string,
      WeightSpec
    >,
  );
  const data = weights.map(([, weight]) => bytesOf(weight));
  const inputs = Object.entries(spec.inputs).map(([name, shape]) => placeholder(name, shape));
  return {
    modelTopology: {
      node: [...inputs, ...constants(spec.weights), ...spec.nodes.map(nodeOf)],
      library: {function: functions.map(([name, one]) => functionOf(name, one))},
      versions: {producer: 0, minConsumer: 0},
    },
    weightSpecs: weights.map(([name, weight]) => ({
      name,
      shape: typeof weight === 'number' ? [] : [...weight.shape],
      dtype: typeof weight === 'number' ? 'float32' : (weight.dtype ?? 'float32'),
    })),
    weightData: new Uint8Array(Buffer.concat(data)).buffer,
    signature: {
      inputs: Object.fromEntries(
        Object.entries(spec.inputs).map(([name, shape]) => [name, infoOf(name, shape)]),
      ),
      outputs: Object.fromEntries(spec.outputs.map((name) => [name, infoOf(name, [])])),
    },
  };
}

/** A weight of seeded values. */
export function seededWeight(shape: readonly number[], seed: number, scale = 1): WeightSpec {
  const values = tf.tidy(() => seeded(shape, seed, scale).dataSync().slice());
  return {shape, values};
}

/** An int32 scalar. */
export const intScalar = (value: number): WeightSpec => ({
  shape: [],
  values: [value],
  dtype: 'int32',
});

/** The weight as a Tensor, for references. */
export const tensorOf = (weight: WeightSpec): Tensor =>
  typeof weight === 'number'
    ? tf.scalar(weight)
    : tf.tensor([...Array.from(weight.values)], [...weight.shape], weight.dtype ?? 'float32');

const infoOf = (name: string, shape: readonly number[]): object => ({
  name: `${name}:0`,
  dtype: 'DT_FLOAT',
  tensorShape: {dim: shape.map((size) => ({size: String(size)}))},
});

const placeholder = (name: string, shape: readonly number[]): GraphNode => ({
  name,
  op: 'Placeholder',
  attr: {
    dtype: {type: 'DT_FLOAT'},
    shape: {shape: {dim: shape.map((size) => ({size: String(size)}))}},
  },
});

const constants = (weights: GraphSpec['weights'] = {}): GraphNode[] =>
  Object.entries(weights).map(([name, weight]) => ({
    name,
    op: 'Const',
    attr: {
      dtype: {
        type: typeof weight !== 'number' && weight.dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT',
      },
    },
  }));

const nodeOf = ({name, op, inputs = [], attrs = {}}: NodeSpec): GraphNode => ({
  name,
  op,
  input: [...inputs],
  attr: Object.fromEntries(Object.entries(attrs).map(([key, value]) => [key, attribute(value)])),
});

function functionOf(name: string, spec: FunctionSpec): GraphFunction {
  const results = spec.outputs.map((output, i) => [`result_${i}`, output] as const);
  return {
    signature: {
      name,
      inputArg: Object.entries(spec.inputs).map(([arg, type]) => ({name: arg, type})),
      outputArg: results.map(([result]) => ({name: result, type: 'DT_FLOAT'})),
    },
    nodeDef: [...constants(spec.weights), ...spec.nodes.map(nodeOf)],
    ret: Object.fromEntries(
      results.map(([result, output]) => [result, output.includes(':') ? output : `${output}:0`]),
    ),
  };
}

function attribute(value: AttributeSpec): Attribute {
  if (typeof value === 'string') return {s: encode(value)};
  if (typeof value === 'boolean') return {b: value};
  if (typeof value === 'number') return Number.isInteger(value) ? {i: value} : {f: value};
  if ('float' in value) return {f: value.float};
  if ('func' in value) return {func: {name: value.func}};
  if ('type' in value) return {type: value.type};
  const items = value as readonly (string | number)[];
  return typeof items[0] === 'string'
    ? {list: {s: (items as readonly string[]).map(encode)}}
    : {list: {i: items}};
}

function bytesOf(weight: WeightSpec): Buffer {
  if (typeof weight === 'number') return Buffer.from(Float32Array.of(weight).buffer);
  const values = Array.from(weight.values);
  const typed = weight.dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
  return Buffer.from(typed.buffer);
}
