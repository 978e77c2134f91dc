/** The one typed door to the nodes of a GraphModel, which tfjs-converter keeps to itself. */
import type {GraphModel} from '@tensorflow/tfjs-converter';

export interface GraphNode {
  readonly name: string;
  /** As TensorFlow calls it: 'Relu', 'Const', … */
  readonly op: string;
  /** The nodes that it takes, ':1' appended for any but a node's first output. */
  readonly inputNames: readonly string[];
}

/** By name. */
export function graphNodes(model: GraphModel): Readonly<Record<string, GraphNode | undefined>> {
  const {executor} = model as unknown as {
    readonly executor: {readonly graph: {readonly nodes: Readonly<Record<string, GraphNode>>}};
  };
  return executor.graph.nodes;
}
