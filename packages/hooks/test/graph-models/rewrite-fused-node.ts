/** Splits fused nodes of a graph by hand: the main operation under '<name>/pre', its activation under the old name. */
import {encode, fusedActivationOf, fusedOpsOf} from './graph-artifacts.js';
import type {Attribute, GraphArtifacts, GraphNode} from './graph-artifacts.js';

/** The name of the linear half of a fused node that has been split. */
export const preNameOf = (name: string): string => `${name}/pre`;

/** Whether the main operation keeps its bias, as tfjs fuses it, or adds it in a node of its own, as under a gradient tape. */
export type BiasPlace = 'fused' | 'apart';

/** The same graph with these fused nodes split. Their order and all other nodes stay. */
export function splitFusedNodes(
  artifacts: GraphArtifacts,
  names: readonly string[],
  bias: BiasPlace = 'fused',
): GraphArtifacts {
  const {modelTopology} = artifacts;
  const wanted = new Set(names);
  const node = modelTopology.node.flatMap((one) =>
    wanted.delete(one.name) ? split(one, bias) : [one],
  );
  if (wanted.size > 0) throw new Error(`the graph has no node ${[...wanted].join()}`);
  return {...artifacts, modelTopology: {...modelTopology, node}};
}

function split(node: GraphNode, bias: BiasPlace): GraphNode[] {
  const op = fusedActivationOf(node);
  if (op === null) throw new Error(`${node.name} (${node.op}) is no fused node with an activation`);
  const [beforeActivation] = fusedOpsOf(node) as [string];
  const input = [...node.input!];
  // Control inputs come last, and the alpha of a prelu is the last of the others.
  const data = input.filter((name) => !name.startsWith('^'));
  const alpha = op === 'Prelu' ? data.pop()! : null;
  const control = input.filter((name) => name.startsWith('^'));
  const linear: GraphNode = {
    name: preNameOf(node.name),
    op: node.op,
    input: [...data, ...control],
    attr: {
      ...node.attr,
      fused_ops: {list: {s: [encode(beforeActivation)]}},
      num_args: {i: data.length - 2},
    },
  };
  const activation: GraphNode = {
    name: node.name,
    op,
    input: alpha === null ? [linear.name] : [linear.name, alpha],
    attr: {...typeOf(node), ...(op === 'LeakyRelu' && {alpha: {f: leakyAlphaOf(node)}})},
  };
  return bias === 'apart' ? [...withBiasApart(linear), activation] : [linear, activation];
}

const PLAIN_OPS: Readonly<Record<string, string>> = {
  _FusedConv2D: 'Conv2D',
  FusedDepthwiseConv2dNative: 'DepthwiseConv2dNative',
  _FusedMatMul: 'MatMul',
};

/** A linear fused node as the plain operation, and the addition if there is one. */
function withBiasApart(linear: GraphNode): GraphNode[] {
  const [x, filter, bias, ...more] = linear.input as [string, string, ...string[]];
  const hasBias = fusedOpsOf(linear)[0] === 'BiasAdd';
  const plain = {...linear, op: PLAIN_OPS[linear.op]!};
  if (!hasBias) return [plain];
  const product = `${linear.name}/product`;
  return [
    {...plain, name: product, input: [x, filter, ...more]},
    {name: linear.name, op: 'BiasAdd', input: [product, bias!], attr: typeOf(linear)},
  ];
}

const typeOf = ({attr}: GraphNode): Record<string, Attribute> => (attr?.T ? {T: attr.T} : {});

/** A fused node's alpha; tfjs-converter takes 0.2 where the graph names none. */
export const leakyAlphaOf = ({attr}: GraphNode): number => attr?.leakyrelu_alpha?.f ?? 0.2;
