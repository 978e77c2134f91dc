/** The activations that a graph computes by several nodes. */
import {ActivationPattern} from './activation-pattern.js';
import type {Output} from './activation-pattern.js';
import type {GraphExecutor, GraphNode} from './graph-executor.js';

export interface ComposedActivation {
  /** The function's name in tfjs-layers; 'hardSwish', which that does not have. */
  readonly activation: string;
  /** What goes into it. */
  readonly input: Output;
  /** The nodes on the way, and the one whose output is its value. */
  readonly parts: readonly GraphNode[];
  readonly end: GraphNode;
}

export interface GraphActivations {
  /** By the node whose output is the activation's value. */
  readonly ends: ReadonlyMap<GraphNode, ComposedActivation>;
  /** By the node that computes what goes in. */
  readonly inputs: ReadonlyMap<GraphNode, readonly ComposedActivation[]>;
  /** The nodes on the way. */
  readonly parts: ReadonlySet<GraphNode>;
}

export const NO_ACTIVATIONS: GraphActivations = {
  ends: new Map(),
  inputs: new Map(),
  parts: new Set(),
};

const found = new WeakMap<GraphExecutor, readonly ComposedActivation[]>();

/**
 * The composed activations of a graph, of those that an execution runs as a whole: what the caller
 * feeds is not run, nor is what no asked output needs.
 */
export function activationsOf(
  executor: GraphExecutor,
  isRun: (node: GraphNode) => boolean,
): GraphActivations {
  let all = found.get(executor);
  if (all === undefined) found.set(executor, (all = findAll(executor)));
  const ends = new Map<GraphNode, ComposedActivation>();
  const inputs = new Map<GraphNode, ComposedActivation[]>();
  const parts = new Set<GraphNode>();
  for (const composed of all) {
    if (!isRun(composed.end) || !composed.parts.every(isRun)) continue;
    ends.set(composed.end, composed);
    for (const part of composed.parts) parts.add(part);
    const {node} = composed.input;
    inputs.set(node, [...(inputs.get(node) ?? []), composed]);
  }
  return {ends, inputs, parts};
}

function findAll(executor: GraphExecutor): ComposedActivation[] {
  const all: ComposedActivation[] = [];
  for (const end of Object.values(executor.graph.nodes)) {
    const pattern = new ActivationPattern(executor);
    const match = pattern.match(end);
    if (match) all.push({...match, end, parts: [...pattern.parts].filter((part) => part !== end)});
  }
  return all;
}
