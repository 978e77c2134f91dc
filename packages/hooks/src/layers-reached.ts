/** Which layers follow a layer, or go before it. */
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';
import {executionOrder} from './execution-order.js';
import type {LayerGraph} from './execution-order.js';
import type {Layer} from './layer-classes.js';

export type Direction = 'downstream' | 'upstream';

/**
 * The layers that any use of a layer reaches; the layer itself if one of its uses reaches another.
 *
 * @param model where; everything that was ever built with the layer, if that is null: its nodes are those of every
 *     model that it is part of
 */
export function layersReached(
  layer: Layer,
  direction: Direction,
  model: LayerGraph | null,
): ReadonlySet<Layer> {
  const own = model && new Set(executionOrder(model));
  const isOwn = (tensor: SymbolicTensor): boolean => own?.has(tensor) ?? true;
  const next = direction === 'downstream' ? followersOf : inputsOf;
  const begin = layer.inboundNodes
    .flatMap(({outputTensors}) => outputTensors)
    // The first node of a model has the tensors of its last layers.
    .filter((tensor) => tensor.sourceLayer === layer && isOwn(tensor));
  const reached = new Set(begin.flatMap(next).filter(isOwn));
  for (const tensor of reached) {
    for (const other of next(tensor).filter(isOwn)) reached.add(other);
  }
  return new Set([...reached].map(({sourceLayer}) => sourceLayer));
}

const followersOf = (tensor: SymbolicTensor): SymbolicTensor[] =>
  tensor.sourceLayer.outboundNodes
    .filter(({inputTensors}) => inputTensors.includes(tensor))
    .flatMap(({outputTensors}) => outputTensors);

const inputsOf = ({inputs}: SymbolicTensor): readonly SymbolicTensor[] => inputs;
