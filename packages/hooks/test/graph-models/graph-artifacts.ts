/** What a converted model consists of: as much of tfjs's model.json as these tests read and write. */
import type {io} from '@tensorflow/tfjs-core';

export interface GraphArtifacts {
  readonly modelTopology: {
    readonly node: readonly GraphNode[];
    readonly library?: {readonly function?: readonly GraphFunction[]};
    readonly versions?: object;
  };
  readonly weightSpecs: io.WeightsManifestEntry[];
  readonly weightData: ArrayBuffer;
  readonly signature?: object;
  readonly userDefinedMetadata?: object;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, Attribute>>;
}

export interface GraphFunction {
  readonly signature: {
    readonly name: string;
    readonly inputArg: readonly {name: string; type: string}[];
    readonly outputArg: readonly {name: string; type: string}[];
  };
  readonly nodeDef: readonly GraphNode[];
  readonly ret: Readonly<Record<string, string>>;
}

export interface Attribute {
  readonly s?: string;
  readonly i?: number | string;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: string;
  readonly shape?: {readonly dim?: readonly {size: number | string}[]};
  readonly func?: {readonly name: string};
  readonly list?: {
    readonly s?: readonly string[];
    readonly i?: readonly (number | string)[];
    readonly f?: readonly number[];
    readonly type?: readonly string[];
  };
}

/** The name of the node that an input names: 'a' for 'a', 'a:1' and '^a'. */
export const nodeNameOf = (input: string): string => input.replace(/^\^/, '').replace(/:.*$/, '');

/** What a fused node does after its main operation, such as ['BiasAdd', 'Relu']; nothing for other nodes. */
export const fusedOpsOf = ({attr}: GraphNode): string[] =>
  (attr?.fused_ops?.list?.s ?? []).map(decode);

export const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

/** What fused nodes compute, by their op, and the kernel that computes it. */
export const FUSED_OPS: Readonly<Record<string, string>> = {
  _FusedConv2D: 'FusedConv2D',
  FusedDepthwiseConv2dNative: 'FusedDepthwiseConv2D',
  _FusedMatMul: '_FusedMatMul',
};

/** The activation function that a fused node ends in, as TensorFlow spells it: 'Relu6'; null if none. */
export const fusedActivationOf = (node: GraphNode): string | null =>
  node.op in FUSED_OPS ? (fusedOpsOf(node)[1] ?? null) : null;

/** tfjs's fused names, by the ops that compute these activations alone. */
export const ACTIVATION_OF_OP: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Selu: 'selu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Softmax: 'softmax',
  LeakyRelu: 'leakyrelu',
  Prelu: 'prelu',
};
