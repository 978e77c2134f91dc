/** Tells at which node a graph's executor is, without touching the executor or its nodes. */
import {hasRecorded} from '@tfjs-capture/core';
import type {CaptureScope, FrameAddress, TensorNote, Visit, Walk} from '@tfjs-capture/core';
import {activationsOf, NO_ACTIVATIONS} from './graph-patterns.js';
import type {ComposedActivation, GraphActivations} from './graph-patterns.js';
import type {GraphExecutor, GraphNode, StackItem, TensorsByNode} from './graph-executor.js';

export type HeldNotes = Map<ComposedActivation, TensorNote>;

/** What both routes have in common: where the walk is, once that is known. */
export abstract class GraphWalk implements Walk {
  protected node: GraphNode | null = null;
  protected isLeaving = false;
  private visit: Visit | null = null;

  /** Whether any scope records or edits nodes' outputs. */
  private readonly meetsAll: boolean;

  constructor(
    readonly scope: CaptureScope,
    readonly executor: GraphExecutor,
    readonly execution: object,
    public activations: GraphActivations,
    /** Pre-activations of composed activations whose last node has not run yet. */
    readonly held: HeldNotes,
  ) {
    this.meetsAll = false;
    for (let outer: CaptureScope | null = scope; outer; outer = outer.parent) {
      const {wantsOutput, plan} = outer;
      this.meetsAll ||= wantsOutput || !!plan.editing?.editsOutputs;
    }
  }

  /** Whether there is anything to do once the node has run. */
  hasMet(node: GraphNode): boolean {
    if (this.meetsAll || (this.visit !== null && hasRecorded(this.scope, node))) return true;
    const {ends, inputs} = this.activations;
    return ends.size > 0 && (ends.has(node) || inputs.has(node));
  }

  here(): Visit | null {
    const {node} = this;
    if (node === null) return null;
    return (this.visit ??= {
      node,
      address: addressOf(node, this.executor),
      isPart: this.activations.parts.has(node),
    });
  }

  /** Says that the walk has come to a node, or to none. Coming to a node again is another visit. */
  arriveAt(node: GraphNode | null): void {
    this.node = node;
    this.visit = null;
  }

  /** Runs `fn` as part of a node that has given its outputs just now. */
  leave(node: GraphNode, fn: () => void): void {
    if (node !== this.node) this.arriveAt(node);
    this.isLeaving = true;
    try {
      fn();
    } finally {
      this.isLeaving = false;
    }
  }
}

const activationsOfLists = new WeakMap<readonly GraphNode[], GraphActivations>();

/**
 * `execute` runs the nodes of a compiled list in order, and keeps what they gave by name: it is at the
 * first node that has given nothing yet. So nothing needs to be done per node.
 */
export class ListWalk extends GraphWalk {
  /** Under which key the executor keeps the compiled list. */
  key = '';
  private nodes: readonly GraphNode[] = [];
  private outputs: TensorsByNode = {};
  private next = 0;

  constructor(scope: CaptureScope, executor: GraphExecutor) {
    super(scope, executor, {}, NO_ACTIVATIONS, new Map<ComposedActivation, TensorNote>());
  }

  /** @param outputs what is known before anything runs; what nodes give is added to it */
  start(outputs: TensorsByNode): void {
    this.outputs = outputs;
    this.nodes = this.executor.compiledMap.get(this.key)?.orderedNodes ?? [];
    let activations = activationsOfLists.get(this.nodes);
    if (activations === undefined) {
      const run = new Set(this.nodes.filter(({name}) => !outputs[name]));
      activations = activationsOf(this.executor, (node) => run.has(node));
      activationsOfLists.set(this.nodes, activations);
    }
    this.activations = activations;
  }

  override here(): Visit | null {
    if (!this.isLeaving) {
      const {nodes, outputs} = this;
      let node: GraphNode | undefined;
      while ((node = nodes[this.next]) !== undefined && outputs[node.name]) this.next++;
      if (node !== this.node) this.arriveAt(node ?? null);
    }
    return super.here();
  }
}

/** `executeAsync` takes the nodes from a stack, as they become ready: it is at the one it took last. */
export class StackWalk extends GraphWalk {
  /**
   * Runs `fn`, in which the executor works on its stack. The stack is an array of the executor's own,
   * made for one execution.
   */
  watch<T>(stack: StackItem[], fn: () => T): T {
    const watched = stack as {pop?: () => StackItem | undefined};
    watched.pop = () => {
      const item = Array.prototype.pop.call(stack) as StackItem | undefined;
      this.arriveAt(item?.node ?? null);
      return item;
    };
    try {
      return fn();
    } finally {
      delete watched.pop;
    }
  }
}

const addresses = new WeakMap<GraphNode, FrameAddress>();

/** A node's name, split at '/'; that of the function it is in goes before. */
function addressOf(node: GraphNode, executor: GraphExecutor): FrameAddress {
  let address = addresses.get(node);
  if (address === undefined) {
    const within = functionOf(executor);
    const name = within === null ? node.name : `${within}/${node.name}`;
    const path = node.name.split('/');
    address = {name, path: within === null ? path : [within, ...path]};
    addresses.set(node, address);
  }
  return address;
}

function functionOf(executor: GraphExecutor): string | null {
  const functions = Object.entries(executor.parent?.functionExecutorMap ?? {});
  return functions.find(([, other]) => other === executor)?.[0] ?? null;
}
