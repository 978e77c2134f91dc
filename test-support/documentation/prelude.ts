// What a code block in the documents finds already there. To give the documents one more name, add it here.
import {loadGraphModelSync} from '@tensorflow/tfjs-converter';

import * as layers from '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';

/** The names, by which a block's own declarations may still go. */
export type Prelude = Readonly<Record<string, unknown>>;

export function createPrelude(): Prelude {
  return {
    tf: {...tf, ...layers},
    // Imported by the README's first block; those after it do not say so again.
    withCapture,
    model: createVggLikeModel(),
    graphModel: createGraphModel(),
    x: tf.randomUniform([2, 16, 16, 3], 0, 1, 'float32', 1),
    // Documents may print; the test's output stays readable.
    console: {log: () => undefined, table: () => undefined, warn: () => undefined},
  };
}

/** VGG19's names and its order of layers, small enough for the CPU backend. */
function createVggLikeModel(): layers.Sequential {
  const conv = (name: string, filters: number, seed: number, inputShape?: number[]) =>
    layers.layers.conv2d({
      name,
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: layers.initializers.heNormal({seed}),
      ...(inputShape && {inputShape}),
    });
  const pool = (name: string) => layers.layers.maxPooling2d({name, poolSize: 2, strides: 2});
  const dense = (name: string, units: number, activation: 'relu' | 'softmax', seed: number) =>
    layers.layers.dense({
      name,
      units,
      activation,
      kernelInitializer: layers.initializers.glorotNormal({seed}),
    });

  const model = layers.sequential();
  model.add(conv('block1_conv1', 4, 1, [16, 16, 3]));
  model.add(conv('block1_conv2', 4, 2));
  model.add(pool('block1_pool'));
  model.add(conv('block2_conv1', 4, 3));
  model.add(conv('block2_conv2', 4, 4));
  model.add(pool('block2_pool'));
  model.add(conv('block3_conv1', 6, 5));
  model.add(conv('block3_conv4', 6, 6));
  model.add(pool('block3_pool'));
  model.add(conv('block4_conv1', 8, 7));
  model.add(conv('block4_conv2', 8, 8));
  model.add(conv('block4_conv3', 8, 9));
  model.add(conv('block4_conv4', 8, 10));
  model.add(conv('block5_conv1', 8, 11));
  model.add(conv('block5_conv4', 8, 12));
  model.add(layers.layers.flatten({name: 'flatten'}));
  model.add(dense('fc1', 8, 'relu', 13));
  model.add(dense('fc2', 8, 'relu', 14));
  model.add(dense('predictions', 5, 'softmax', 15));
  return model;
}

/** One convolution as a converter writes it: with the bias and the ReLU folded into one node. */
function createGraphModel(): tf.InferenceModel {
  const weights = {
    filter: tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 16),
    bias: tf.randomNormal([4], 0, 1, 'float32', 17),
  };
  const constant = (name: string) => ({name, op: 'Const', attr: {dtype: {type: 'DT_FLOAT'}}});
  const strings = (...values: string[]) => ({list: {s: values.map((value) => btoa(value))}});
  const fused = {
    name: 'vgg19/block4_conv3/Relu',
    op: '_FusedConv2D',
    input: ['input', 'filter', 'bias'],
    attr: {
      fused_ops: strings('BiasAdd', 'Relu'),
      num_args: {i: 1},
      strides: {list: {i: [1, 1, 1, 1]}},
      padding: {s: btoa('SAME')},
      data_format: {s: btoa('NHWC')},
      dilations: {list: {i: [1, 1, 1, 1]}},
    },
  };
  const input = {name: 'input', op: 'Placeholder', attr: {dtype: {type: 'DT_FLOAT'}}};
  const values = Object.values(weights).map((tensor) => tensor.dataSync());
  return loadGraphModelSync({
    modelTopology: {
      node: [input, constant('filter'), constant('bias'), fused],
      versions: {producer: 1, minConsumer: 1},
    },
    weightSpecs: Object.entries(weights).map(([name, {shape}]) => ({
      name,
      shape,
      dtype: 'float32',
    })),
    weightData: Float32Array.from(values.flatMap((value) => [...value])).buffer,
  });
}
