/** What is recorded once a node has run: its output, and the activation that ends or begins with it. */
import {endVisit, holdPre, isTensor, recordComposed} from '@tfjs-capture/core';
import type {GraphNode, TensorsByNode} from './graph-executor.js';
import type {GraphWalk} from './graph-walk.js';

/** @param name the node's name, with the iteration of the loop that it is in */
export function afterNode(
  walk: GraphWalk,
  node: GraphNode,
  name: string,
  tensors: TensorsByNode,
): void {
  const {scope, activations, held} = walk;
  if (!scope.isOpen) return;
  const outputs = tensors[name] ?? [];
  walk.leave(node, () => {
    const composed = activations.ends.get(node);
    if (composed) {
      const {activation, input} = composed;
      const fed = tensors[input.node.name]?.[input.index];
      const pre = held.get(composed) ?? (fed && holdPre(scope, fed));
      held.delete(composed);
      const [post] = outputs;
      if (pre && post) recordComposed(scope, activation, pre, post);
    }
    endVisit(scope, node, outputs.find(isTensor));
    for (const begun of activations.inputs.get(node) ?? []) {
      const pre = outputs[begun.input.index];
      if (pre) held.set(begun, holdPre(scope, pre));
    }
  });
}
