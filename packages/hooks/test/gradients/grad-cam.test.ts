// Grad-CAM, against one that is computed by hand from sub-models.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

import {
  CaptureArgumentError,
  gradCam,
  LayerNotFoundError,
  registerGradientKernels,
} from '@tfjs-capture/hooks';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import type {GraphSpec, NodeSpec} from '../graph-models/graph-fixture.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';
import {expectClose} from './compare-gradients.js';
import {expectNothingLeft, gradientFootprint} from './footprint-of-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

const x = seeded([2, 8, 7, 2], 3, 1);

/** A small classifier; what follows `maps` is the head. */
function classifier(activation: 'softmax' | 'linear'): LayersModel {
  const net = sequential({
    layers: [
      layers.conv2d({
        name: 'conv',
        filters: 3,
        kernelSize: 3,
        activation: 'tanh',
        inputShape: [8, 7, 2],
      }),
      layers.conv2d({name: 'maps', filters: 4, kernelSize: 2, activation: 'relu'}),
      layers.globalAveragePooling2d({name: 'pool'}),
      layers.dense({name: 'hidden', units: 5, activation: 'tanh'}),
      layers.dense({name: 'predictions', units: 3, activation}),
    ],
  });
  setSeededWeights(net);
  return net;
}

/** By hand: the head as operations, its score before the softmax. */
function byHand(net: LayersModel, classIndex: number, layer: string): Tensor {
  const run = (names: readonly string[], from: Tensor): Tensor =>
    names.reduce((y, name) => {
      if (name !== 'predictions') return net.getLayer(name).apply(y) as Tensor;
      const [kernel, bias] = net.getLayer(name).weights.map((weight) => weight.read());
      return tf.add(tf.matMul(y, kernel!), bias!);
    }, from);
  const names = net.layers.map(({name}) => name);
  const place = names.indexOf(layer) + 1;
  const maps = run(names.slice(0, place), x);
  const score = (value: Tensor): Scalar =>
    tf.sum(tf.gather(run(names.slice(place), value), classIndex, 1));
  const gradient = tf.grad(score)(maps);
  const weights = tf.mean(gradient, [1, 2], true);
  return tf.relu(tf.sum(tf.mul(maps, weights), -1));
}

describe.each(['softmax', 'linear'] as const)('a LayersModel that ends in %s', (activation) => {
  const net = classifier(activation);

  test.each(['maps', 'conv'])('at %s, for each class', (layer) => {
    tf.tidy(() => {
      let seen = 0;
      for (const classIndex of [0, 1, 2]) {
        const heat = gradCam(net, x, classIndex, layer);
        expectClose(`class ${classIndex}`, heat, byHand(net, classIndex, layer));
        seen += tf.max(heat).dataSync()[0]!;
        expectClose('by its object', gradCam(net, x, classIndex, net.getLayer(layer)), heat, 0);
      }
      expect(seen).toBeGreaterThan(0);
    });
  });

  test('leaves the heat alone', () => {
    gradCam(net, x, 0, 'maps').dispose();
    const before = gradientFootprint(net);
    gradCam(net, x, 1, 'maps').dispose();
    expectNothingLeft(net, before);
  });
});

test('a softmax in the middle of a model is not the one that counts', () => {
  tf.tidy(() => {
    const net = sequential({
      layers: [
        layers.conv2d({
          name: 'maps',
          filters: 3,
          kernelSize: 3,
          activation: 'softmax',
          inputShape: [8, 7, 2],
        }),
        layers.flatten(),
        layers.dense({name: 'predictions', units: 3}),
      ],
    });
    setSeededWeights(net);
    const maps = net.getLayer('maps').apply(x) as Tensor;
    const rest = (value: Tensor): Tensor =>
      net.layers.slice(1).reduce((y, layer) => layer.apply(y) as Tensor, value);
    const score = (value: Tensor): Scalar => tf.sum(tf.gather(rest(value), 2, 1));
    const weights = tf.mean(tf.grad(score)(maps), [1, 2], true);
    expectClose('heat', gradCam(net, x, 2, 'maps'), tf.relu(tf.sum(tf.mul(maps, weights), -1)));
  });
});

test('a wrapper’s object stands for the layer that it calls', () => {
  tf.tidy(() => {
    const wrapper = layers.timeDistributed({
      name: 'td',
      inputShape: [4, 3],
      layer: layers.dense({name: 'each', units: 3, activation: 'tanh'}),
    });
    const net = sequential({
      layers: [wrapper, layers.flatten(), layers.dense({units: 2, activation: 'softmax'})],
    });
    setSeededWeights(net);
    expect(gradCam(net, seeded([2, 4, 3], 1, 1), 0, wrapper).shape).toEqual([2, 4]);
  });
});

/** The graph with a copy of its softmax for an output, as converters write it. */
function withIdentity(spec: GraphSpec): GraphSpec {
  const identity: NodeSpec = {
    name: 'Identity',
    op: 'Identity',
    inputs: ['predictions/Softmax'],
    attrs: {T: {type: 'DT_FLOAT'}},
  };
  return {...spec, nodes: [...spec.nodes, identity], outputs: ['Identity']};
}

/** The graph without its softmax. */
const withoutSoftmax = (spec: GraphSpec): GraphSpec => ({
  ...spec,
  nodes: spec.nodes.slice(0, -1),
  outputs: ['predictions/BiasAdd'],
});

describe('a GraphModel', () => {
  const graphs: Record<string, GraphSpec> = {
    'that ends in softmax': vggLikeGraph(),
    'that ends in a copy of its softmax': withIdentity(vggLikeGraph()),
    'without softmax': withoutSoftmax(vggLikeGraph()),
  };

  test.each(Object.entries(graphs))('%s', async (_, spec) => {
    const graph: GraphModel = await buildGraphModel(spec);
    const image = seeded([2, 4, 4, 2], 6, 1);
    tf.tidy(() => {
      const weight = (name: string) => graph.weights[name]![0] as Tensor4D;
      const maps = graph.execute(image, 'vgg19/block4_conv3/Relu') as Tensor;
      const score = (value: Tensor): Scalar => {
        const depthwise = tf.depthwiseConv2d(
          value as Tensor4D,
          weight('vgg19/depthwise/filter'),
          1,
          'same',
        );
        const dense = (y: Tensor, name: string, kernel: string) =>
          tf.add(tf.matMul(y, weight(`${name}/${kernel}`) as Tensor), weight(`${name}/bias`));
        const pooled = tf.mean(tf.relu6(depthwise), [1, 2]);
        const fc1 = tf.relu(dense(pooled, 'vgg19/fc1', 'kernel'));
        const fc2 = tf.elu(dense(fc1, 'vgg19/fc2', 'kernel'));
        return tf.sum(tf.gather(dense(fc2, 'predictions', 'kernel'), 1, 1));
      };
      const weights = tf.mean(tf.grad(score)(maps), [1, 2], true);
      const expected = tf.relu(tf.sum(tf.mul(maps, weights), -1));
      const heat = gradCam(graph, image, 1, 'block4_conv3/Relu');
      expectClose('heat', heat, expected, 1e-4);
      expectClose('by its output', gradCam(graph, image, 1, 'block4_conv3/Relu:0'), expected, 1e-4);
    });
    graph.dispose();
  });
});

describe('errors', () => {
  const net = classifier('softmax');
  const [a, b] = [layers.dense({units: 2}), layers.dense({units: 2})];
  const symbolic = input({shape: [3]});
  const twoHeaded = model({
    inputs: symbolic,
    outputs: [a.apply(symbolic), b.apply(symbolic)] as SymbolicTensor[],
  });

  test.each<[string, () => unknown, RegExp]>([
    ['a class that is none', () => gradCam(net, x, 3, 'maps'), /classIndex .* from 0 to 2, got 3/],
    ['half a class', () => gradCam(net, x, 0.5, 'maps'), /got 0.5/],
    ['a negative class', () => gradCam(net, x, -1, 'maps'), /got -1/],
    [
      'two outputs',
      () => gradCam(twoHeaded, tf.ones([1, 3]), 0, 'maps'),
      /one output .*got several/,
    ],
    ['no maps', () => gradCam(net, x, 0, 'hidden'), /must give maps .*, got \[2,5\]/],
    ['no maps, a pooling', () => gradCam(net, x, 0, 'pool'), /must give maps .*, got \[2,4\]/],
  ])('%s', (_, fn, what) => {
    const before = gradientFootprint(net);
    let error: Error | undefined;
    tf.tidy(() => {
      try {
        fn();
      } catch (caught) {
        error = caught as Error;
      }
    });
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error!.message).toMatch(/^gradCam: .+, got .+\. .+/s);
    expect(error!.message).toMatch(what);
    expectNothingLeft(net, before);
  });

  test('a misspelt layer', () => {
    const before = gradientFootprint(net);
    const misspelt = () => gradCam(net, x, 0, 'map');
    expect(misspelt).toThrow(LayerNotFoundError);
    expect(misspelt).toThrow(/no layer is called 'map', .*Did you mean 'maps'\?/);
    expectNothingLeft(net, before);
  });
});
