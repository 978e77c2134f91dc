/** How many classes a model tells apart. */
import type {io} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {GraphSignature, GraphTopology} from './graph-json.js';
import {dimensionsOf} from './graph-json.js';

/** Operations that leave the number of columns as it is. */
const SHAPE_KEEPING = ['Identity', 'Softmax', 'LogSoftmax', 'Sigmoid', 'BiasAdd', 'Add', 'AddV2'];

/** Null unless the model's single output is [batch, 2 or more]. */
export function classCountOfLayers(model: LayersModel): number | null {
  return model.outputs.length === 1 ? classCount(model.outputs[0]?.shape) : null;
}

/**
 * Null unless the graph's single output is [batch, 2 or more]: by its signature, or else by the
 * matrix that makes it, since many converters write no signature.
 */
export function classCountOfGraph(
  outputNodes: readonly string[],
  graph: GraphTopology,
  signature: GraphSignature | undefined,
  weights: readonly io.WeightsManifestEntry[],
): number | null {
  if (outputNodes.length !== 1) return null;
  const [signed] = Object.values(signature?.outputs ?? {});
  const shape = dimensionsOf(signed?.tensorShape);
  if (shape !== undefined && !shape.slice(1).includes(null)) return classCount(shape);
  const node = outputNodes[0]?.split(':')[0];
  return classCount([null, columnsOf(node, graph, weights)]);
}

function classCount(shape: readonly (number | null)[] | undefined): number | null {
  const [, count] = shape ?? [];
  return shape?.length === 2 && count != null && count >= 2 ? count : null;
}

function columnsOf(
  output: string | undefined,
  graph: GraphTopology,
  weights: readonly io.WeightsManifestEntry[],
): number | null {
  const nodes = new Map(graph.node.map((node) => [node.name, node]));
  let node = nodes.get(output ?? '');
  for (let steps = 0; node !== undefined && steps < nodes.size; steps++) {
    const [from, by] = node.input ?? [];
    if (node.op === 'MatMul' || node.op === '_FusedMatMul') {
      const matrix = weights.find(({name}) => name === by?.split(':')[0])?.shape;
      return matrix?.[node.attr?.['transpose_b']?.b === true ? 0 : 1] ?? null;
    }
    if (!SHAPE_KEEPING.includes(node.op)) return null;
    node = nodes.get(from?.split(':')[0] ?? '');
  }
  return null;
}
