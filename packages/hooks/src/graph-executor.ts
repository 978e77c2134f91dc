/**
 * The one typed door to what tfjs-converter keeps to itself, read off its 4.22 `graph_executor.ts` and
 * `types.ts`. Shapes, no classes: each copy of the converter has classes of its own.
 */
import type {Tensor} from '@tensorflow/tfjs-core';

/** Under which name core knows what names nodes. */
export const GRAPH_BINDING = 'graphs';

/** A node of a graph. What is left out here is the executor's own business. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes whose outputs it takes, ':1' appended for any but the first output. */
  readonly inputNames: readonly string[];
  readonly inputs: readonly GraphNode[];
  readonly children: readonly GraphNode[];
  readonly attrParams: Readonly<Record<string, {readonly value?: unknown} | undefined>>;
}

/** Outputs of the nodes that have run, by name. */
export type TensorsByNode = Readonly<Record<string, readonly (Tensor | undefined)[] | undefined>>;

export interface GraphExecutor {
  readonly graph: {readonly nodes: Readonly<Record<string, GraphNode>>};
  /** For the executor of a function: that of the whole graph. */
  readonly parent?: GraphExecutor;
  readonly functionExecutorMap: Readonly<Record<string, GraphExecutor>>;
  readonly weightMap: TensorsByNode;
  execute(inputs: Readonly<Record<string, Tensor>>, outputs: readonly string[]): Tensor[];
  /** Which nodes run in which order, by what is fed and what is asked for. */
  readonly compiledMap: ReadonlyMap<string, {readonly orderedNodes: readonly GraphNode[]}>;
}

/** One execution of a graph or of one of its functions. */
export interface ExecutionContext {
  /** One object for a whole execution, its functions included. */
  readonly tensorArrayMap: object;
  /** Closes its arrays and lists of tensors, which dispose of what they hold. */
  dispose(keep: ReadonlySet<number>): void;
}

/** What waits to be run on the asynchronous route. */
export interface StackItem {
  readonly node: GraphNode;
}

/** With what `processStack` is called. */
export type ProcessStackArguments = [
  inputs: readonly GraphNode[],
  stack: StackItem[],
  context: ExecutionContext,
  tensors: TensorsByNode,
  added: unknown,
  tensorsToKeep: ReadonlySet<number>,
  outputNames: unknown,
  consumers: unknown,
  usedNames: ReadonlySet<string>,
];

/** A GraphModel, as far as it is used here. */
export interface GraphModel {
  readonly executor?: GraphExecutor;
}

export type ExecutorMethod = (this: GraphExecutor, ...args: unknown[]) => unknown;
export type GraphModelMethod = (this: GraphModel, ...args: unknown[]) => unknown;

/** Whether a value is a GraphModel of any copy, loaded or not. */
export const isGraphModel = (value: object): value is GraphModel =>
  'executeAsync' in value && 'modelSignature' in value;

/** Whether what owns a record is a node of a graph. */
export const isGraphNode = (owner: object | null | undefined): owner is GraphNode =>
  owner != null && 'inputNames' in owner;
