// Guided backpropagation, against one that is written by hand.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withGradients} from '@tfjs-capture/hooks';
import {named} from '../fidelity/activation-functions.js';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {buildGraphModel, seededWeight} from '../graph-models/graph-fixture.js';
import {expectClose, lossOf} from './compare-gradients.js';
import {expectNothingLeft, gradientFootprint} from './footprint-of-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

/** relu, up to a maximum, whose gradient is guided. */
const guided = (maximum: number): ((x: Tensor) => Tensor) =>
  tf.customGrad((given, save) => {
    const x = given as Tensor;
    (save as (tensors: Tensor[]) => void)([x]);
    return {
      value: tf.clipByValue(x, 0, maximum),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [pre] = saved as [Tensor];
        const passes = tf.logicalAnd(tf.greater(pre, 0), tf.lessEqual(pre, maximum));
        return tf.mul(tf.relu(dy), tf.cast(passes, 'float32'));
      },
    };
  });

/** Relu and relu6, in convolutions and as layers. */
const net = sequential({
  layers: [
    layers.conv2d({
      name: 'fused',
      filters: 4,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      inputShape: [6, 6, 2],
    }),
    layers.conv2d({name: 'linear1', filters: 4, kernelSize: 3, padding: 'same'}),
    layers.reLU({name: 'relu'}),
    layers.conv2d({name: 'six', filters: 4, kernelSize: 3, activation: named('relu6')}),
    layers.conv2d({name: 'linear2', filters: 3, kernelSize: 2}),
    layers.reLU({name: 'bounded', maxValue: 6}),
    layers.flatten(),
    layers.dense({name: 'tanh', units: 2, activation: 'tanh'}),
  ],
});
setSeededWeights(net);
const x = seeded([2, 6, 6, 2], 3, 1);
const value = (): Scalar => lossOf(net.apply(x) as Tensor);

/** The gradients at all hook points, as `bumps` of zeros show them. */
function byHand(relu: (maximum: number) => (x: Tensor) => Tensor): Tensor[] {
  const weights = (name: string) =>
    net.getLayer(name).weights.map((weight) => weight.read()) as [Tensor4D, Tensor];
  const conv = (name: string, input: Tensor, pad: 'same' | 'valid') => {
    const [kernel, bias] = weights(name);
    return tf.add(tf.conv2d(input as Tensor4D, kernel, 1, pad), bias);
  };
  const run = (...bumps: Tensor[]): Scalar => {
    const fused = relu(Infinity)(tf.add(conv('fused', x, 'same'), bumps[0]!));
    const plain = relu(Infinity)(tf.add(conv('linear1', fused, 'same'), bumps[1]!));
    const six = relu(6)(tf.add(conv('six', plain, 'valid'), bumps[2]!));
    const bounded = relu(6)(tf.add(conv('linear2', six, 'valid'), bumps[3]!));
    const [kernel, bias] = weights('tanh');
    const flat = tf.reshape(bounded, [2, -1]);
    return lossOf(tf.tanh(tf.add(tf.matMul(flat, kernel as Tensor), bias)));
  };
  const shapes = [
    [2, 6, 6, 4],
    [2, 6, 6, 4],
    [2, 4, 4, 4],
    [2, 3, 3, 3],
  ];
  return tf.grads(run)(shapes.map((shape) => tf.zeros(shape)));
}
const NAMES = ['fused', 'relu', 'six', 'bounded'];

test.each([true, false])('of a convolutional network, guided: %p', (guidedRelu) => {
  tf.tidy(() => {
    const capture = withGradients(value, {guidedRelu});
    const plain = (maximum: number) => (pre: Tensor) => tf.clipByValue(tf.relu(pre), 0, maximum);
    byHand(guidedRelu ? guided : plain).forEach((expected, i) => {
      expectClose(NAMES[i]!, capture.gradient(NAMES[i]!), expected);
    });
    expectClose('value', capture.value, value(), 1e-4);
  });
});

test('guided and plain gradients differ, and only where a ReLU stands behind', () => {
  tf.tidy(() => {
    const [plain, guidedOne] = [withGradients(value), withGradients(value, {guidedRelu: true})];
    const difference = (name: string) =>
      tf.sum(tf.abs(tf.sub(plain.gradient(name), guidedOne.gradient(name)))).dataSync()[0]!;
    for (const name of NAMES) expect(difference(name)).toBeGreaterThan(0);
    expect(difference('tanh')).toBe(0);
  });
});

test('the gradient registry holds what it held, also after errors and within another', () => {
  const before = gradientFootprint(net);
  withGradients(value, {guidedRelu: true}).dispose();
  expectNothingLeft(net, before);
  const mine = new Error('mine');
  const failing = [
    () => {
      throw mine;
    },
    () => {
      value();
      throw mine;
    },
    () =>
      tf.customGrad((y) => ({
        value: tf.sum(y as Tensor),
        gradFunc: () => {
          throw mine;
        },
      }))(net.apply(x) as Tensor) as Scalar,
  ];
  for (const fn of failing) {
    expect(() => tf.tidy(() => void withGradients(fn, {guidedRelu: true}))).toThrow(mine);
    expectNothingLeft(net, before);
  }
  tf.tidy(() => {
    const nested = () => withGradients(value, {guidedRelu: true}).value;
    const outer = withGradients(nested, {guidedRelu: true});
    expectSameBits(
      'nested',
      outer.gradient('fused'),
      withGradients(value, {guidedRelu: true}).gradient('fused'),
    );
  });
  expectNothingLeft(net, before);
});

test('a gradient that somebody registers meanwhile stays', () => {
  const original = tf.getGradient('Relu');
  const theirs: tf.GradConfig = {...original};
  tf.tidy(() => {
    withGradients(
      () => {
        tf.unregisterGradient('Relu');
        tf.registerGradient(theirs);
        return value();
      },
      {guidedRelu: true},
    );
  });
  expect(tf.getGradient('Relu')).toBe(theirs);
  tf.unregisterGradient('Relu');
  tf.registerGradient(original);
});

describe('of a GraphModel', () => {
  let graph: GraphModel;
  beforeAll(async () => {
    const conv = (name: string, input: string, activation: string) => ({
      name,
      op: '_FusedConv2D',
      inputs: [input, `${name}/filter`, `${name}/bias`],
      attrs: {
        strides: [1, 1, 1, 1],
        padding: 'SAME',
        data_format: 'NHWC',
        dilations: [1, 1, 1, 1],
        num_args: 1,
        fused_ops: ['BiasAdd', activation],
        T: {type: 'DT_FLOAT'},
      },
    });
    graph = await buildGraphModel({
      inputs: {x: [-1, 5, 5, 2]},
      weights: {
        'a/filter': seededWeight([3, 3, 2, 3], 1),
        'a/bias': seededWeight([3], 2),
        'b/filter': seededWeight([3, 3, 3, 3], 3),
        'b/bias': seededWeight([3], 4),
      },
      nodes: [conv('a', 'x', 'Relu'), conv('b', 'a', 'Relu6')],
      outputs: ['b'],
    });
  });
  afterAll(() => graph.dispose());

  test('fused relu and relu6', () => {
    tf.tidy(() => {
      const input = seeded([1, 5, 5, 2], 5, 1);
      const run = () => lossOf(graph.predict(input) as Tensor);
      const capture = withGradients(run, {guidedRelu: true});
      const ofB = (pre: Tensor) => lossOf(guided(6)(pre));
      expectClose('b', capture.gradient('b'), tf.grad(ofB)(capture.pre('b')));
      const {b} = {b: graph.weights};
      const ofA = (pre: Tensor) => {
        const product = tf.conv2d(
          guided(Infinity)(pre) as Tensor4D,
          b['b/filter']![0] as Tensor4D,
          1,
          'same',
        );
        return ofB(tf.add(product, b['b/bias']![0]!));
      };
      expectClose('a', capture.gradient('a'), tf.grad(ofA)(capture.pre('a')));
      expectClose('value', capture.value, run(), 1e-4);
    });
  });
});
