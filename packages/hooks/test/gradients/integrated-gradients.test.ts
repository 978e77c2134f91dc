// Integrated gradients: complete, and what a loop by hand gives.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

import {
  AmbiguousLayerError,
  CaptureArgumentError,
  integratedGradients,
  LayerNotFoundError,
  registerGradientKernels,
} from '@tfjs-capture/hooks';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';
import {expectClose} from './compare-gradients.js';
import {expectNothingLeft, gradientFootprint} from './footprint-of-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

const dense = (name: string, units: number, activation: 'tanh' | 'relu' | 'linear' | 'softmax') =>
  layers.dense({name, units, activation});

const classifier = sequential({
  layers: [
    layers.dense({name: 'first', units: 6, activation: 'tanh', inputShape: [4]}),
    dense('second', 5, 'relu'),
    dense('predictions', 3, 'softmax'),
  ],
});
setSeededWeights(classifier);
const x = seeded([2, 4], 3, 1);
const baseline = seeded([2, 4], 9, 0.5);

/** From what a layer gives, or from the input, to the scores before the softmax. */
function scoresFrom(layer: string | null, value: Tensor): Tensor {
  const [kernel, bias] = classifier.getLayer('predictions').weights.map((w) => w.read());
  const apply = (name: string, y: Tensor) => classifier.getLayer(name).apply(y) as Tensor;
  let y = value;
  if (layer === null) y = apply('first', y);
  if (layer !== 'second') y = apply('second', y);
  return tf.add(tf.matMul(y, kernel!), bias!);
}
const score = (layer: string | null, value: Tensor): Scalar =>
  tf.sum(tf.gather(scoresFrom(layer, value), 1, 1));
const outputOf = (layer: string | null, value: Tensor): Tensor => {
  if (layer === null) return value;
  const first = classifier.getLayer('first').apply(value) as Tensor;
  return layer === 'first' ? first : (classifier.getLayer('second').apply(first) as Tensor);
};

describe.each([null, 'first', 'second'])('at %p', (layer) => {
  test('is what a loop by hand gives, and adds up to the difference of the scores', () => {
    tf.tidy(() => {
      const [from, to] = [outputOf(layer, baseline), outputOf(layer, x)];
      const way = tf.sub(to, from);
      const steps = 40;
      let total: Tensor = tf.zerosLike(way);
      for (let step = 0; step < steps; step++) {
        const point = tf.add(from, tf.mul(way, (step + 0.5) / steps));
        total = tf.add(total, tf.grad((value: Tensor) => score(layer, value))(point));
      }
      const expected = tf.mul(way, tf.div(total, steps));
      const options = {baseline, steps, of: 'output'} as const;
      const attributions = integratedGradients(classifier, x, 1, layer, options);
      expectClose('attributions', attributions, expected);
      const difference = tf.sub(score(null, x), score(null, baseline)).dataSync()[0]!;
      expect(tf.sum(attributions).dataSync()[0]! / difference).toBeCloseTo(1, 2);
    });
  });
});

test('at pre-activations, by which everything goes', () => {
  tf.tidy(() => {
    for (const layer of ['first', 'second', classifier.getLayer('first')]) {
      const attributions = integratedGradients(classifier, x, 2, layer, {baseline, steps: 60});
      const scores = [x, baseline].map((value) => scoresFrom(null, value));
      const [ahead, back] = scores.map((all) => tf.sum(tf.gather(all, 2, 1)).dataSync()[0]!);
      expect(tf.sum(attributions).dataSync()[0]).toBeCloseTo(ahead! - back!, 2);
    }
  });
});

test('a linear model: the weights times the input, in one step', () => {
  tf.tidy(() => {
    const linear = sequential({layers: [layers.dense({name: 'd', units: 3, inputShape: [4]})]});
    setSeededWeights(linear);
    const kernel = linear.weights[0]!.read();
    const expected = tf.mul(x, tf.gather(kernel, 2, 1));
    for (const steps of [1, 7]) {
      expectClose('linear', integratedGradients(linear, x, 2, null, {steps}), expected);
    }
  });
});

describe('names', () => {
  /** 'dense' by itself, and in a model: of the same shape, so that nothing but the name tells them apart. */
  function nested(): LayersModel {
    const inner = sequential({
      name: 'inner',
      layers: [layers.dense({name: 'dense', units: 4, activation: 'tanh', inputShape: [4]})],
    });
    const given = input({shape: [4]});
    const y = dense('dense', 4, 'tanh').apply(inner.apply(given)) as SymbolicTensor;
    return model({inputs: given, outputs: dense('last', 2, 'linear').apply(y) as SymbolicTensor});
  }

  test('a full name is that layer alone, though others end in it', () => {
    tf.tidy(() => {
      const net = nested();
      setSeededWeights(net);
      const [outer, last] = ['dense', 'last'].map((name) => net.getLayer(name)) as [
        layers.Layer,
        layers.Layer,
      ];
      const between = (net.getLayer('inner') as unknown as LayersModel).predict(x) as Tensor;
      const options = {steps: 60, of: 'post'} as const;
      const attributions = integratedGradients(net, x, 0, 'dense', options);
      // What comes after is linear: the weights times the way, and one step would do.
      const zero = (net.getLayer('inner') as unknown as LayersModel).predict(tf.zeros([2, 4]));
      const way = tf.sub(outer.apply(between) as Tensor, outer.apply(zero as Tensor) as Tensor);
      expectClose('dense', attributions, tf.mul(way, tf.gather(last.weights[0]!.read(), 0, 1)));
      const inner = integratedGradients(net, x, 0, 'inner/dense', options);
      const all = [attributions, inner].map((one) => tf.sum(one).dataSync()[0]!);
      expect(all[1]).toBeCloseTo(all[0]!, 2);
    });
  });

  test('a shared layer: one call at a time', () => {
    tf.tidy(() => {
      const shared = layers.dense({name: 'shared', units: 4, activation: 'tanh'});
      const given = input({shape: [4]});
      const twice = shared.apply(shared.apply(given)) as SymbolicTensor;
      const net = model({
        inputs: given,
        outputs: dense('last', 2, 'linear').apply(twice) as SymbolicTensor,
      });
      setSeededWeights(net);
      expect(() => integratedGradients(net, x, 0, 'shared')).toThrow(AmbiguousLayerError);
      const scores = [x, tf.zeros([2, 4])].map((value) =>
        tf.sum(tf.gather(net.apply(value) as Tensor, 0, 1)),
      ) as [Tensor, Tensor];
      const difference = tf.sub(...scores).dataSync()[0]!;
      for (const call of [0, 1]) {
        const attributions = integratedGradients(net, x, 0, 'shared', {at: {call}, steps: 60});
        expect(tf.sum(attributions).dataSync()[0]).toBeCloseTo(difference, 2);
      }
    });
  });
});

test('a GraphModel: complete at the input and at a fused node', async () => {
  const graph: GraphModel = await buildGraphModel(vggLikeGraph());
  tf.tidy(() => {
    const image = seeded([2, 4, 4, 2], 6, 1);
    const scoreOf = (value: Tensor) =>
      tf.sum(tf.gather(graph.execute(value, 'predictions/BiasAdd') as Tensor, 2, 1));
    const difference = tf.sub(scoreOf(image), scoreOf(tf.zerosLike(image))).dataSync()[0]!;
    for (const layer of [null, 'vgg19/block1_conv1/Relu', 'block4_conv3/Relu']) {
      const attributions = integratedGradients(graph, image, 2, layer, {steps: 60});
      expect(tf.sum(attributions).dataSync()[0]! / difference).toBeCloseTo(1, 1);
    }
  });
  graph.dispose();
});

describe('errors', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['a class that is none', () => integratedGradients(classifier, x, 3, null), /got 3/],
    ['one that is none, at a layer', () => integratedGradients(classifier, x, 3, 'first'), /got 3/],
    ['no steps', () => integratedGradients(classifier, x, 0, null, {steps: 0}), /steps .* got 0/],
    ['half a step', () => integratedGradients(classifier, x, 0, null, {steps: 1.5}), /got 1.5/],
  ])('%s', (_, fn, what) => {
    const before = gradientFootprint(classifier);
    expect(fn).toThrow(CaptureArgumentError);
    expect(fn).toThrow(what);
    expect(fn).toThrow(/^integratedGradients: .+, got .+\. .+/s);
    expectNothingLeft(classifier, before);
  });

  test('a misspelt layer, and nothing left of what went well', () => {
    const before = gradientFootprint(classifier);
    const misspelt = () => integratedGradients(classifier, x, 0, 'frist');
    expect(misspelt).toThrow(LayerNotFoundError);
    expect(misspelt).toThrow(/Did you mean 'first'/);
    integratedGradients(classifier, x, 0, 'first', {steps: 3}).dispose();
    integratedGradients(classifier, x, 0, null, {steps: 3}).dispose();
    expectNothingLeft(classifier, before);
  });
});
