// Layers that are an activation function and nothing else.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import {activate, ACTIVATION_NAMES, named} from './activation-functions.js';
import {download, expectSameBits} from './float-bits.js';
import {onRoute, ROUTES} from './routes.js';
import {seeded, setSeededWeights} from './seeded-values.js';

type Layer = layers.Layer;

interface ActivationLayer {
  readonly kind: string;
  /** The activation function's name. */
  readonly activation: string;
  readonly inputShape?: number[];
  readonly build: (name: string) => Layer;
  /** What it computes. */
  readonly compute: (x: Tensor, layer: Layer) => Tensor;
}

const image = [4, 5, 3];
const alphaOf = (layer: Layer): Tensor => layer.getWeights()[0]!;

const prelu = (kind: string, sharedAxes?: number[]): ActivationLayer => ({
  kind,
  activation: 'prelu',
  inputShape: image,
  build: (name) => layers.prelu({name, ...(sharedAxes && {sharedAxes})}),
  compute: (x, layer) => tf.prelu(x, alphaOf(layer)),
});

const softmax = (kind: string, axis: number | number[] | undefined, inputShape: number[]) => ({
  kind,
  activation: 'softmax',
  inputShape,
  build: (name: string) =>
    layers.softmax({name, ...(axis !== undefined && {axis: axis as number})}),
  compute: (x: Tensor) =>
    Array.isArray(axis) && axis.length > 1
      ? tf.exp(tf.sub(x, tf.logSumExp(x, axis, true)))
      : tf.softmax(x, Array.isArray(axis) ? axis[0] : (axis ?? 1)),
});

const ACTIVATION_LAYERS: readonly ActivationLayer[] = [
  {
    kind: 'ReLU',
    activation: 'relu',
    build: (name) => layers.reLU({name}),
    compute: (x) => tf.relu(x),
  },
  {
    kind: 'ReLU with maxValue',
    activation: 'relu',
    build: (name) => layers.reLU({name, maxValue: 1.5}),
    compute: (x) => tf.clipByValue(tf.relu(x), 0, 1.5),
  },
  {
    kind: 'LeakyReLU',
    activation: 'leakyrelu',
    build: (name) => layers.leakyReLU({name}),
    compute: (x) => tf.leakyRelu(x, 0.3),
  },
  {
    kind: 'LeakyReLU with alpha',
    activation: 'leakyrelu',
    build: (name) => layers.leakyReLU({name, alpha: 0.05}),
    compute: (x) => tf.leakyRelu(x, 0.05),
  },
  {
    kind: 'ELU',
    activation: 'elu',
    build: (name) => layers.elu({name}),
    compute: (x) => tf.elu(x),
  },
  {
    kind: 'ThresholdedReLU',
    activation: 'thresholdedRelu',
    build: (name) => layers.thresholdedReLU({name, theta: 0.7}),
    compute: (x) => tf.mul(x, tf.cast(tf.greater(x, 0.7), 'float32')),
  },
  prelu('PReLU'),
  prelu('PReLU that shares one axis', [1]),
  prelu('PReLU that shares two axes', [1, 2]),
  prelu('PReLU that shares all axes', [1, 2, 3]),
  softmax('Softmax', undefined, [5]),
  softmax('Softmax over the last axis', -1, image),
  softmax('Softmax over a list of one axis', [3], image),
  softmax('Softmax over two axes', [1, 2], image),
  softmax('Softmax over three axes', [1, 2, 3], image),
  ...ACTIVATION_NAMES.map((activation) => ({
    kind: `Activation(${activation})`,
    activation,
    build: (name: string) => layers.activation({name, activation: named(activation)}),
    compute: (x: Tensor) => activate(activation, x),
  })),
];

describe.each(ACTIVATION_LAYERS)('$kind', ({activation, inputShape = image, build, compute}) => {
  const before = layers.dense({units: inputShape.at(-1)!, inputShape, name: 'before'});
  const layer = build('layer');
  const upTo = sequential({layers: [before, layer]});
  setSeededWeights(upTo);
  const intoLayer = model({inputs: upTo.inputs, outputs: before.output});
  const whole = sequential({
    layers: [layers.inputLayer({inputShape}), before, layer, layers.dense({units: 2})],
  });
  const x = seeded([3, ...inputShape], 5);

  test.each(ROUTES)('%s', (route) => {
    const expected = onRoute(route, () => ({
      result: download(whole.predict(x) as Tensor),
      pre: download(intoLayer.predict(x) as Tensor),
      post: download(upTo.predict(x) as Tensor),
    }));
    const got = onRoute(route, () => {
      const capture = withCapture(() => whole.predict(x) as Tensor, {record: ['pre', 'post']});
      return {
        hooks: capture.records.map((record) => `${record.name} ${record.activation}`),
        result: download(capture.result),
        pre: download(capture.pre('layer')),
        post: download(capture.post('layer')),
        activated: download(compute(capture.pre('layer'), layer)),
      };
    });
    expect(got.hooks).toEqual([`layer ${activation}`]);
    expectSameBits('result', got.result, expected.result);
    expectSameBits('pre', got.pre, expected.pre);
    expectSameBits('post', got.post, expected.post);
    expectSameBits('activation(pre)', got.activated, got.post);
  });
});

test('Activation(linear) has no hook point', () => {
  const whole = sequential({
    layers: [layers.activation({activation: 'linear', inputShape: [3]}), layers.reLU({name: 'r'})],
  });
  const x = seeded([2, 3], 5);
  for (const route of ROUTES) {
    expect(onRoute(route, () => withCapture(() => whole.predict(x)).names())).toEqual(['r']);
  }
});

test('a Softmax behind a mask: what goes into it is masked', () => {
  const x = seeded([2, 4], 5);
  const mask = tf.tensor2d([1, 1, 0, 1, 0, 1, 1, 1], [2, 4]);
  const layer = layers.softmax({name: 'layer', axis: -1});
  const plain = layer.apply(x, {mask}) as Tensor;
  const capture = withCapture(() => layer.apply(x, {mask}) as Tensor, {record: ['pre', 'post']});
  expectSameBits('result', capture.result, plain);
  expectSameBits('post', capture.post('layer'), plain);
  const masked = tf.add(x, tf.mul(tf.sub(tf.onesLike(mask), mask), -1e9));
  expectSameBits('pre', capture.pre('layer'), masked);
});

// The whole layer counts as the function where several kernels compute it, its mask included.
test('a Softmax over several axes behind a mask: what goes into it is masked', () => {
  const x = seeded([2, 3, 4], 5);
  const mask = tf.cast(tf.greater(seeded([2, 3, 4], 6), 0), 'float32');
  const layer = layers.softmax({name: 'layer', axis: [1, 2] as never});
  const plain = layer.apply(x, {mask}) as Tensor;
  const capture = withCapture(() => layer.apply(x, {mask}) as Tensor, {record: ['pre', 'post']});
  expectSameBits('result', capture.result, plain);
  const pre = capture.pre('layer');
  expectSameBits('softmax(pre)', tf.exp(tf.sub(pre, tf.logSumExp(pre, [1, 2], true))), plain);
});

describe('a layer that was built inside a scope is captured as any other', () => {
  const x = seeded([2, 5], 5);

  function expectAsAnyOther(build: () => Layer, hook: string): void {
    let built!: LayersModel;
    const inside = withCapture(() => {
      built = sequential({layers: [layers.inputLayer({inputShape: [5]}), build()]});
      return built.predict(x) as Tensor;
    });
    const later = withCapture(() => built.predict(x) as Tensor);
    const plain = built.predict(x) as Tensor;
    for (const {records, result} of [inside, later]) {
      expect(records.map(({name, activation}) => `${name} ${activation}`)).toEqual([hook]);
      expectSameBits('result', result, plain);
    }
  }

  test('Dense', () => {
    const build = () => layers.dense({units: 5, activation: 'swish', name: 'layer'});
    expectAsAnyOther(build, 'layer swish');
  });

  test('Activation', () => {
    const build = () => layers.activation({activation: 'softmax', name: 'layer'});
    expectAsAnyOther(build, 'layer softmax');
  });

  // Softmax takes its activation function's method when it is built, and keeps it for good.
  test('Softmax', () => {
    expectAsAnyOther(() => layers.softmax({axis: -1, name: 'layer'}), 'layer softmax');
  });
});
