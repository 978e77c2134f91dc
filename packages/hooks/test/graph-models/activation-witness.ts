/** Which nodes of a graph run an activation function, read off the graph without any of our code. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {Tensor} from '@tensorflow/tfjs-core';

import {ACTIVATION_OF_OP, fusedActivationOf, FUSED_OPS, nodeNameOf} from './graph-artifacts.js';
import type {GraphArtifacts, GraphNode} from './graph-artifacts.js';
import {leakyAlphaOf} from './rewrite-fused-node.js';

/** One hook point that a pass must show. */
export interface Witnessed {
  readonly name: string;
  readonly activation: string;
  readonly kernel: string;
  readonly node: GraphNode;
  /** The node whose output is the pre-activation; null for a fused node, inside which it never shows. */
  readonly preNode: string | null;
  /** The activation of a pre-activation, by the plain operation. */
  readonly activate: (pre: Tensor, model: GraphModel) => Tensor;
}

/** An activation function that several nodes compute together. */
export interface ComposedPattern {
  readonly last: string;
  readonly activation: string;
  readonly preNode: string;
  /** Nodes that would be hook points if they were alone. */
  readonly inner: readonly string[];
  readonly activate: Witnessed['activate'];
}

/**
 * Every activation that computing `outputs` takes.
 *
 * @param composed what is known of this graph's composed activations
 */
export function witnessActivations(
  {modelTopology}: GraphArtifacts,
  outputs: readonly string[],
  composed: readonly ComposedPattern[] = [],
): Witnessed[] {
  const nodes = new Map(modelTopology.node.map((node) => [node.name, node]));
  const inner = new Set(composed.flatMap((pattern) => pattern.inner));
  const byLast = new Map(composed.map((pattern) => [pattern.last, pattern]));
  return reachable(nodes, outputs).flatMap((node): Witnessed | readonly [] => {
    const pattern = byLast.get(node.name);
    if (pattern) return {name: node.name, kernel: 'composed', node, ...pattern};
    return inner.has(node.name) ? [] : (witnessFused(node) ?? witnessAlone(node) ?? []);
  });
}

function witnessFused(node: GraphNode): Witnessed | null {
  const op = fusedActivationOf(node);
  if (op === null) return null;
  const {name} = node;
  const activation = ACTIVATION_OF_OP[op]!;
  const alphaName = nodeNameOf(node.input!.filter((input) => !input.startsWith('^')).at(-1)!);
  const activate: Witnessed['activate'] = (pre, model) =>
    applyPlain(activation, pre, {
      alphas: op === 'Prelu' ? weightOf(model, alphaName) : undefined,
      alpha: leakyAlphaOf(node),
    });
  return {name, activation, kernel: FUSED_OPS[node.op]!, node, preNode: null, activate};
}

function witnessAlone(node: GraphNode): Witnessed | null {
  const activation = ACTIVATION_OF_OP[node.op];
  if (activation === undefined) return null;
  const {name, op} = node;
  const [preNode, alphaName] = node.input!.map(nodeNameOf);
  const activate: Witnessed['activate'] = (pre, model) =>
    applyPlain(activation, pre, {
      alphas: op === 'Prelu' ? weightOf(model, alphaName!) : undefined,
      alpha: node.attr?.alpha?.f ?? 0.2,
    });
  return {name, activation, kernel: op, node, preNode: preNode!, activate};
}

/** What an activation function takes besides its input. */
interface Parameters {
  readonly alphas?: Tensor | undefined;
  readonly alpha?: number;
}

/** An activation function by its name among tfjs's fused ones. */
export function applyPlain(activation: string, x: Tensor, parameters: Parameters = {}): Tensor {
  switch (activation) {
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'elu':
      return tf.elu(x);
    case 'selu':
      return tf.selu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'tanh':
      return tf.tanh(x);
    case 'softplus':
      return tf.softplus(x);
    case 'softmax':
      return tf.softmax(x);
    case 'prelu':
      return tf.prelu(x, parameters.alphas!);
    case 'leakyrelu':
      return tf.leakyRelu(x, parameters.alpha);
    default:
      throw new Error(`no plain operation computes ${activation}`);
  }
}

function weightOf(model: GraphModel, name: string): Tensor {
  const weights = model.weights as Record<string, Tensor[] | undefined>;
  const [weight] = weights[name] ?? [];
  if (!weight) throw new Error(`the model has no weight ${name}`);
  return weight;
}

/** The nodes that these outputs need, each once. */
export function reachable(
  nodes: ReadonlyMap<string, GraphNode>,
  outputs: readonly string[],
): GraphNode[] {
  const seen = new Set<string>();
  const waiting = outputs.map(nodeNameOf);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(nodes.get(name)!.input ?? []).map(nodeNameOf));
  }
  return [...seen].map((name) => nodes.get(name)!);
}
