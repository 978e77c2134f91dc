/** A model.json of a few nodes, as a converter writes it, weights included. Names no copy of TensorFlow.js. */

export interface TinyGraph {
  readonly modelTopology: object;
  readonly weightSpecs: {name: string; shape: number[]; dtype: 'float32'}[];
  readonly weightData: ArrayBuffer;
}

export const TINY_INPUT = [2, 6, 6, 2] as const;

/** Its hook points, in the order in which they run: name and activation. */
export const TINY_POINTS = [
  ['block1_conv1/Relu', 'relu'],
  ['block1_conv2/Relu6', 'relu6'],
  ['depthwise/Relu6', 'relu6'],
  ['gate/Sigmoid', 'sigmoid'],
] as const;

/** Weights by the name of their node; what is added after a convolution is its bias. */
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'block1_conv1/filter': [3, 3, 2, 4],
  'block1_conv1/bias': [4],
  'block1_conv2/filter': [3, 3, 4, 4],
  'block1_conv2/bias': [4],
  'depthwise/filter': [3, 3, 4, 1],
  'gate/filter': [1, 1, 4, 2],
  'gate/bias': [2],
};

export function tinyGraph(): TinyGraph {
  const weights = Object.entries(SHAPES).map(([name, shape], i) => ({
    name,
    shape: [...shape],
    values: wave(shape, i),
  }));
  return {
    modelTopology: {
      node: [
        {name: 'image', op: 'Placeholder', attr: {dtype: FLOAT, shape: shapeOf([-1, 6, 6, 2])}},
        ...weights.map(({name}) => ({name, op: 'Const', attr: {dtype: FLOAT}})),
        fusedConv('block1_conv1', 'Relu', 'image'),
        fusedConv('block1_conv2', 'Relu6', 'block1_conv1/Relu'),
        {
          name: 'depthwise/depthwise',
          op: 'DepthwiseConv2dNative',
          input: ['block1_conv2/Relu6', 'depthwise/filter'],
          attr: CONVOLUTION,
        },
        {name: 'depthwise/Relu6', op: 'Relu6', input: ['depthwise/depthwise'], attr: {T: FLOAT}},
        fusedConv('gate', 'Sigmoid', 'depthwise/Relu6'),
      ],
      versions: {producer: 0, minConsumer: 0},
    },
    weightSpecs: weights.map(({name, shape}) => ({name, shape, dtype: 'float32'})),
    weightData: Float32Array.from(weights.flatMap(({values}) => values)).buffer,
  };
}

const FLOAT = {type: 'DT_FLOAT'};
const text = (value: string): {s: string} => ({s: btoa(value)});
const integers = (...values: number[]) => ({list: {i: values}});
const shapeOf = (shape: readonly number[]) => ({
  shape: {dim: shape.map((size) => ({size: String(size)}))},
});

const CONVOLUTION = {
  T: FLOAT,
  strides: integers(1, 1, 1, 1),
  dilations: integers(1, 1, 1, 1),
  padding: text('SAME'),
  data_format: text('NHWC'),
};

const fusedConv = (scope: string, activation: string, input: string): object => ({
  name: `${scope}/${activation}`,
  op: '_FusedConv2D',
  input: [input, `${scope}/filter`, `${scope}/bias`],
  attr: {
    ...CONVOLUTION,
    num_args: {i: 1},
    fused_ops: {list: {s: [btoa('BiasAdd'), btoa(activation)]}},
  },
});

/** Numbers on both sides of 0, large enough for some sums to exceed 6. */
function wave(shape: readonly number[], seed: number): number[] {
  const size = shape.reduce((product, n) => product * n, 1);
  return Array.from({length: size}, (_, i) => Math.fround(1.5 * Math.sin(3 * i + seed)));
}
