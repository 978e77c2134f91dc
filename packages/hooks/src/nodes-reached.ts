/** Which nodes of a graph follow a node, or go before it. */
import {CaptureArgumentError} from '@tfjs-capture/core';
import {AmbiguousLayerError, LayerNotFoundError} from './errors.js';
import type {GraphExecutor, GraphModel, GraphNode} from './graph-executor.js';
import type {Direction} from './layers-reached.js';
import {endsIn, quoted, withoutOutputIndex} from './names.js';
import {nearestNames} from './nearest-names.js';

/** By name. */
export interface ReachedNodes {
  readonly nodes: ReadonlySet<string>;
  /** The functions that these call, and that those call. */
  readonly functions: ReadonlySet<string>;
}

/**
 * The nodes that a node reaches, without the node itself.
 *
 * @param asked the node's full name, or a suffix of path segments that only one node has
 * @param caller the public function, for messages
 * @throws CaptureArgumentError for a model that has not been loaded; LayerNotFoundError, AmbiguousLayerError
 */
export function nodesReached(
  {executor}: GraphModel,
  asked: string,
  direction: Direction,
  caller: string,
): ReachedNodes {
  if (!executor) {
    throw new CaptureArgumentError(
      `${caller}: the model must be loaded, got a GraphModel without a graph. Wait for its load().`,
    );
  }
  const start = nodeNamed(executor, asked, caller);
  const nextOf = ({children, inputs}: GraphNode): readonly GraphNode[] =>
    direction === 'downstream' ? children : inputs;
  const reached = new Set(nextOf(start));
  for (const node of reached) for (const next of nextOf(node)) reached.add(next);
  reached.delete(start);
  return {
    nodes: new Set([...reached].map(({name}) => name)),
    functions: functionsOf(executor, reached),
  };
}

function nodeNamed(executor: GraphExecutor, asked: string, caller: string): GraphNode {
  const {nodes} = executor.graph;
  const name = withoutOutputIndex(asked);
  const names = Object.keys(nodes);
  const found = name in nodes ? [name] : names.filter((other) => endsIn(other, name));
  const [only, another] = found;
  const node = only === undefined ? undefined : nodes[only];
  if (!node) {
    const near = nearestNames(name, names);
    const hint = near.length > 0 ? `Did you mean ${quoted(near)}?` : 'Look into its graph.';
    throw new LayerNotFoundError(
      `${caller}: '${name}' must be a node of the graph, got its name. ${hint}`,
    );
  }
  if (another === undefined) return node;
  throw new AmbiguousLayerError(
    `${caller}: several nodes end in '${name}', got ${quoted(found)}. Use a longer name.`,
  );
}

function functionsOf(executor: GraphExecutor, nodes: Iterable<GraphNode>): ReadonlySet<string> {
  const known = executor.functionExecutorMap;
  const calledBy = (some: Iterable<GraphNode>): string[] =>
    [...some]
      .flatMap(({attrParams}) => Object.values(attrParams))
      .flatMap((param) =>
        typeof param?.value === 'string' && param.value in known ? param.value : [],
      );
  const functions = new Set(calledBy(nodes));
  for (const name of functions) {
    const inside = Object.values(known[name]?.graph.nodes ?? {});
    for (const inner of calledBy(inside)) functions.add(inner);
  }
  return functions;
}
