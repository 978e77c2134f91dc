/**
 * The one place that changes tfjs-converter's classes: it tells core at which node a GraphModel is.
 *
 * How: methods of GraphExecutor are swapped while a scope is open, from those of GraphModel on, which
 * lead to it; that class is not exported. No node and no executor is touched. `execute` keeps what its
 * nodes gave in a map that it hands to `getFrozenTensorIds`: from that can be told where it is.
 * `processStack` is handed the stack from which it takes its nodes. Both call a method after each node.
 */
import {activeScope, methodNamed, swapMethods} from '@tfjs-capture/core';
import type {CaptureScope, Companion, MethodSwaps} from '@tfjs-capture/core';
import {afterNode} from './after-node.js';
import {CurrentWalk} from './current-walk.js';
import {disposeIfEnded, endExecution} from './ended-execution.js';
import {GRAPH_BINDING, isGraphModel} from './graph-executor.js';
import type {
  ExecutionContext,
  ExecutorMethod,
  GraphExecutor,
  GraphModel,
  GraphModelMethod,
  GraphNode,
  ProcessStackArguments,
  TensorsByNode,
} from './graph-executor.js';
import {activationsOf, NO_ACTIVATIONS} from './graph-patterns.js';
import type {GraphActivations} from './graph-patterns.js';
import {ListWalk, StackWalk} from './graph-walk.js';
import type {HeldNotes} from './graph-walk.js';

type AfterTakenArguments = [
  name: string,
  node: GraphNode,
  tensors: TensorsByNode,
  context: ExecutionContext,
  keep: ReadonlySet<number>,
];

interface Begun {
  readonly activations: GraphActivations;
  readonly held: HeldNotes;
}
const NOTHING_BEGUN: Begun = {activations: NO_ACTIVATIONS, held: new Map()};

export function createGraphBinding(): Companion {
  const current = new CurrentWalk();
  /** What goes on from one walk of an execution to the next. */
  const executions = new WeakMap<ExecutionContext, Begun>();

  const ofModels = ['execute', 'executeAsync'].map((name) => swap<GraphModelMethod>(name, meet));
  const ofExecutors = [
    swap<ExecutorMethod>('execute', wrapExecute),
    swap<ExecutorMethod>('getCompilationKey', wrapGetCompilationKey),
    swap<ExecutorMethod>('getFrozenTensorIds', wrapGetFrozenTensorIds),
    swap<ExecutorMethod>('processStack', wrapProcessStack),
    swap<ExecutorMethod>('checkTensorForDisposalWithNodeLiveUntilInfo', wrapAfterListed),
    swap<ExecutorMethod>('checkTensorForDisposal', wrapAfterTaken),
  ];
  const all = [...ofModels, ...ofExecutors];

  function addExecutor({executor}: GraphModel): void {
    if (executor) for (const swaps of ofExecutors) swaps.add(executor);
  }

  function meet(original: GraphModelMethod): GraphModelMethod {
    return function (...args) {
      addExecutor(this);
      return original.apply(this, args);
    };
  }

  function wrapExecute(original: ExecutorMethod): ExecutorMethod {
    return function execute(...args) {
      const scope = activeScope();
      if (scope === null) return current.apart(() => original.apply(this, args));
      return current.on(new ListWalk(scope, this), () => original.apply(this, args));
    };
  }

  function wrapGetCompilationKey(original: ExecutorMethod): ExecutorMethod {
    return function getCompilationKey(...args) {
      const key = original.apply(this, args);
      if (current.walk instanceof ListWalk) current.walk.key = key as string;
      return key;
    };
  }

  function wrapGetFrozenTensorIds(original: ExecutorMethod): ExecutorMethod {
    return function getFrozenTensorIds(tensors) {
      const {walk} = current;
      if (walk instanceof ListWalk && walk.executor === this) {
        walk.start(tensors as TensorsByNode);
      }
      return original.call(this, tensors);
    };
  }

  function wrapProcessStack(original: ExecutorMethod): ExecutorMethod {
    return function processStack(...args) {
      const scope = activeScope();
      if (scope === null) return current.apart(() => original.apply(this, args));
      const [inputs, stack, context, tensors, , keep, , , used] = args as ProcessStackArguments;
      if (!executions.has(context)) {
        const fed = new Set(inputs);
        const activations = activationsOf(this, (node) => used.has(node.name) && !fed.has(node));
        executions.set(context, {activations, held: new Map()});
      }
      const inner = takeUp(scope, this, context);
      try {
        return current.on(inner, () => inner.watch(stack, () => original.apply(this, args)));
      } catch (error) {
        if (scope.keeping) endExecution(context, tensors, keep, !this.parent);
        throw error;
      }
    };
  }

  function takeUp(
    scope: CaptureScope,
    executor: GraphExecutor,
    context: ExecutionContext,
  ): StackWalk {
    // Where the scope has opened in the middle of an execution, what that had begun is not known.
    const {activations, held} = executions.get(context) ?? NOTHING_BEGUN;
    return new StackWalk(scope, executor, context.tensorArrayMap, activations, held);
  }

  // Called for every node: parameters are written out, since a rest parameter costs an array each time.
  function wrapAfterListed(original: ExecutorMethod): ExecutorMethod {
    return function checkTensorForDisposalWithNodeLiveUntilInfo(node, tensors, a, b, c, d) {
      const {walk, runAgain} = current;
      if (walk?.hasMet(node as GraphNode)) {
        const {name} = node as GraphNode;
        afterNode(walk, node as GraphNode, name, tensors as TensorsByNode, runAgain);
      }
      return original.call(this, node, tensors, a, b, c, d);
    };
  }

  function wrapAfterTaken(original: ExecutorMethod): ExecutorMethod {
    return function checkTensorForDisposal(...args) {
      const [name, node, tensors, context, keep] = args as AfterTakenArguments;
      if (disposeIfEnded(context, tensors[name], keep)) return undefined;
      const {walk, runAgain} = current;
      const scope = walk ? null : activeScope();
      if (walk?.hasMet(node)) afterNode(walk, node, name, tensors, runAgain);
      else if (scope) {
        // A node that gives a promise is done when nobody walks any more.
        const inner = takeUp(scope, this, context);
        current.on(inner, () => {
          if (inner.hasMet(node)) afterNode(inner, node, name, tensors, runAgain);
        });
      }
      return original.apply(this, args);
    };
  }

  return {
    name: GRAPH_BINDING,
    install() {
      for (const swaps of all) swaps.install();
    },
    uninstall() {
      for (const swaps of all) swaps.uninstall();
    },
    bind(source) {
      const {GraphModel} = source as {GraphModel?: {prototype: object}};
      const known = isGraphModel(source) ? source : GraphModel?.prototype;
      if (!known) return false;
      for (const swaps of ofModels) swaps.add(known);
      if (isGraphModel(source)) addExecutor(source); // whoever runs it may stand above its `execute`
      return true;
    },
  };
}

const swap = <F>(name: string, wrap: (original: F) => F): MethodSwaps =>
  swapMethods(methodNamed<F>(name), wrap);
