// Convolutional models train on WASM, and their gradients are those of the CPU backend.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, Sequential} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withCapture} from '@tfjs-capture/hooks';

// On CPU, which lacks none of these kernels, the same tests say what must be the same.
const backend = globalThis.TFJS_BACKEND;
let undo = (): void => {};
beforeAll(() => {
  Object.assign(tf.engine().findBackend('cpu'), {firstUse: false});
  undo = registerGradientKernels(backend);
});
afterAll(() => undo());

/** Convolutions fused with relu and not, with strides, pointwise, depthwise; both poolings; dense. */
function buildModel(): Sequential {
  return sequential({
    layers: [
      layers.conv2d({
        inputShape: [12, 11, 2],
        filters: 6,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
      }),
      layers.maxPooling2d({poolSize: 2}),
      layers.depthwiseConv2d({kernelSize: 3, depthMultiplier: 2, padding: 'same'}),
      layers.activation({activation: 'relu'}),
      layers.conv2d({filters: 8, kernelSize: 1}),
      layers.reLU(),
      layers.separableConv2d({filters: 8, kernelSize: 2, strides: 2, activation: 'tanh'}),
      layers.averagePooling2d({poolSize: 2, strides: 1}),
      layers.flatten(),
      layers.dense({units: 3, activation: 'softmax'}),
    ],
  });
}

const setWeights = (model: LayersModel) =>
  tf.tidy(() => {
    model.setWeights(
      model.weights.map(({shape}, i) =>
        tf.randomNormal(shape as number[], 0, 0.4, 'float32', i + 1),
      ),
    );
  });

const input = () => tf.randomNormal<tf.Rank.R4>([4, 12, 11, 2], 0, 1, 'float32', 7);

interface Gradients {
  readonly loss: number;
  /** Of the input, then of the weights. */
  readonly values: Float32Array[];
}

/** The gradients of a small network's loss on a backend. */
async function gradientsOn(name: string): Promise<Gradients> {
  await tf.setBackend(name);
  const model = buildModel();
  setWeights(model);
  const gradients = tf.tidy(() => {
    const target = tf.randomUniform([4, 3], 0, 1, 'float32', 8);
    const lossOf = (x: Tensor): tf.Scalar =>
      tf.losses.meanSquaredError(target, model.apply(x) as Tensor);
    const x = input();
    const {value, grads} = tf.variableGrads(() => lossOf(x));
    const ofWeights = Object.values(grads);
    expect(ofWeights).toHaveLength(model.trainableWeights.length);
    return {
      loss: value.dataSync()[0]!,
      values: [tf.grad(lossOf)(x), ...ofWeights].map(
        (gradient) => gradient.dataSync() as Float32Array,
      ),
    };
  });
  model.dispose();
  await tf.setBackend(backend);
  return gradients;
}

function distance(got: Float32Array, expected: Float32Array): number {
  const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
  return norm(got.map((value, i) => value - expected[i]!)) / norm(expected);
}

test('the gradients of a mixed network are those of the CPU backend', async () => {
  const [got, expected] = [await gradientsOn(backend), await gradientsOn('cpu')];
  expect(Math.abs(got.loss / expected.loss - 1)).toBeLessThan(1e-5);
  got.values.forEach((values, i) => {
    expect(distance(values, expected.values[i]!)).toBeLessThan(1e-5);
  });
});

test('fit trains, and leaves no tensor', async () => {
  const model = buildModel();
  setWeights(model);
  model.compile({optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy'});
  const [x, y] = [input(), tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), 3)];
  await model.fit(x, y, {epochs: 1});
  const before = tf.memory();
  const {history} = await model.fit(x, y, {epochs: 20});
  const losses = history['loss'] as number[];
  expect(losses.at(-1)!).toBeLessThan(0.3 * losses[0]!);
  expect(tf.memory()).toEqual(before);
  tf.dispose([x, y]);
  model.dispose();
});

test('an embedding trains', async () => {
  const model = sequential({
    layers: [
      layers.embedding({inputDim: 9, outputDim: 4, inputLength: 5}),
      layers.globalAveragePooling1d(),
      layers.dense({units: 1}),
    ],
  });
  model.compile({optimizer: tf.train.adam(0.1), loss: 'meanSquaredError'});
  const x = tf.tensor2d([1, 2, 3, 1, 1, 8, 0, 0, 2, 8], [2, 5]);
  const y = tf.tensor2d([1, -1], [2, 1]);
  const {history} = await model.fit(x, y, {epochs: 30});
  expect(history['loss']!.at(-1) as number).toBeLessThan(0.1 * (history['loss']![0] as number));
  tf.dispose([x, y]);
  model.dispose();
});

describe('inside a scope', () => {
  test('gradients are the same, bit for bit, and records are those of the forward pass', () => {
    const model = buildModel();
    setWeights(model);
    tf.tidy(() => {
      const x = input();
      const gradient = () => tf.grad((at) => tf.sum(tf.square(model.apply(at) as Tensor)))(x);
      const expected = gradient();
      const capture = withCapture(gradient, {record: ['pre', 'post', 'output']});
      expect(capture.result.dataSync()).toEqual(expected.dataSync());
      const activations = capture.records.map(({activation}) => activation).filter(Boolean);
      expect(activations).toEqual(['relu', 'relu', 'relu', 'tanh', 'softmax']);
    });
    model.dispose();
  });

  test('kernels that are registered and undone inside it work, and are gone', async () => {
    undo();
    const kernels = tf.getKernelsForBackend(backend);
    const names = () =>
      tf
        .getKernelsForBackend(backend)
        .filter((kernel) => !kernels.includes(kernel))
        .map(({kernelName}) => kernelName);
    const onlyActivations = withCapture(names);
    const capture = withCapture(() => {
      const inner = registerGradientKernels(backend);
      const gradient = tf.tidy(() =>
        tf.grad((x) => tf.sum(tf.conv2d(x as Tensor4D, tf.ones([2, 2, 2, 1]), 1, 'same')))(input()),
      );
      inner();
      return {gradient, names: names()};
    });
    expect(capture.result.names).toEqual(onlyActivations.result);
    expect(capture.result.gradient.shape).toEqual([4, 12, 11, 2]);
    expect(names()).toEqual([]);
    capture.result.gradient.dispose();
    capture.dispose();
    onlyActivations.dispose();
    undo = registerGradientKernels(backend);
  });
});
