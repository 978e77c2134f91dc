/** What is recorded and edited once a node has run: its output, and the activation that ends or begins with it. */
import {endVisit, holdPre, isTensor, recordComposed} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {GraphNode, TensorsByNode} from './graph-executor.js';
import type {ComposedActivation} from './graph-patterns.js';
import type {GraphWalk} from './graph-walk.js';

/**
 * @param name the node's name, with the iteration of the loop that it is in
 * @param tensors the executor's own map; what edits change is put into it
 * @param run computes a composed activation of another value
 */
export function afterNode(
  walk: GraphWalk,
  node: GraphNode,
  name: string,
  tensors: TensorsByNode,
  run: (walk: GraphWalk, composed: ComposedActivation, pre: Tensor) => Tensor,
): void {
  const {scope, activations, held} = walk;
  if (!scope.isOpen) return;
  const outputs = tensors[name] ?? [];
  walk.leave(node, () => {
    const composed = activations.ends.get(node);
    let output = outputs.find(isTensor);
    if (composed) {
      const {activation, input} = composed;
      const fed = tensors[input.node.name]?.[input.index];
      const pre = held.get(composed) ?? (fed && holdPre(scope, fed));
      held.delete(composed);
      if (pre && output) {
        output = recordComposed(scope, activation, pre, output, (given) =>
          run(walk, composed, given),
        );
      }
    }
    const edited = (output && scope.editing?.editOutput(scope, output)) ?? output;
    endVisit(scope, node, output, edited);
    // What an activation gave before its output was edited is in nobody's list.
    if (output && output !== edited && !outputs.includes(output)) output.dispose();
    replace(tensors, name, edited);
    for (const begun of activations.inputs.get(node) ?? []) {
      const pre = tensors[name]?.[begun.input.index];
      if (pre) held.set(begun, holdPre(scope, pre));
    }
  });
  scope.keeping?.meet(scope);
}

/** Has a node give another tensor. The executor still disposes of the one that it gave. */
function replace(tensors: TensorsByNode, name: string, edited: Tensor | undefined): void {
  const outputs = tensors[name] ?? [];
  const first = outputs.find(isTensor);
  if (!first || !edited || edited === first) return;
  Object.assign(tensors, {
    [name]: outputs.map((tensor) => (tensor === first ? edited : tensor)),
    [`${name} before edits`]: [first],
  });
}
