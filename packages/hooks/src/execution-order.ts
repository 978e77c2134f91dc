/** The order in which a model of tfjs-layers runs its layers, read off its 4.22 `executor.ts`. */
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';

/** What is used of a model here. */
export interface LayerGraph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

/**
 * A model's symbolic tensors, but for its inputs, in the order in which `execute` computes them. Each is
 * one call of its `sourceLayer`, even where a layer has several outputs. What other models use the layers
 * for is not among them.
 */
export function executionOrder({inputs, outputs}: LayerGraph): readonly SymbolicTensor[] {
  const order = new Set<SymbolicTensor>();
  const fed = new Set(inputs);
  const visit = (tensor: SymbolicTensor): void => {
    if (fed.has(tensor) || order.has(tensor)) return;
    // tfjs puts them on a stack, and takes the last one first.
    for (const input of [...tensor.inputs].reverse()) visit(input);
    order.add(tensor);
  };
  outputs.forEach(visit);
  return [...order];
}
