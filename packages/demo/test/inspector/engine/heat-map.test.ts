import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {gradCam, registerGradientKernels} from '@tfjs-capture/hooks';
import {heatMapOf} from '../../../inspector/engine/heat-map.js';
import {layoutOf} from '../../../inspector/engine/map-layout.js';
import {loadMobileNetV2Mid} from '../../../src/models/graph-models.js';
import {loadMobileNetV2} from '../../../src/models/mobilenet-v2.js';
import {smallMobileNet} from '../../small-mobile-net.js';
import {loadedOf} from './loaded.js';

async function expectSameAsGradCam(
  model: GraphModel | LayersModel,
  x: tf.Tensor,
  classCount: number,
  layer: string,
) {
  const loaded = loadedOf(model, {classCount});
  const held = tf.memory().numTensors;
  const kernels = tf.getKernelsForBackend(tf.getBackend()).length;
  const map = await heatMapOf(loaded, [x], layer, 1, new Map());
  expect(tf.memory().numTensors).toBe(held);
  expect(tf.getKernelsForBackend(tf.getBackend())).toHaveLength(kernels);

  const undo = registerGradientKernels(tf.getBackend());
  const heat = gradCam(model, x, 1, layer);
  undo();
  expect([1, map.height, map.width]).toEqual(heat.shape);
  expect([...map.values]).toEqual([...heat.dataSync()]);
  expect(map.max).toBe(Math.max(...map.values));
  expect(map.max).toBeGreaterThan(0);
  heat.dispose();
}

test('is hooks’ Grad-CAM', async () => {
  const model = smallMobileNet();
  const head = model.getLayer('classes');
  // Weights above 0 alone: the class is seen wherever a map is.
  head.setWeights(head.getWeights().map(({shape}) => tf.randomUniform(shape, 0, 1, 'float32', 2)));
  const x = tf.randomUniform([1, 16, 16, 3], 0, 1, 'float32', 3);
  await expectSameAsGradCam(model, x, 3, 'depthwise_relu');
  model.dispose();
  x.dispose();
});

// The CPU backend takes too long for networks of this size.
if (globalThis.TFJS_BACKEND === 'wasm') {
  test('of MobileNetV2', async () => {
    const model = await loadMobileNetV2();
    const x = tf.randomUniform([1, 224, 224, 3], 0, 1, 'float32', 3);
    await expectSameAsGradCam(model, x, 5, 'out_relu');
    model.dispose();
    x.dispose();
  });

  test('of a graph', async () => {
    const model = await loadMobileNetV2Mid();
    const x = tf.randomUniform([1, 224, 224, 3], 0, 1, 'float32', 3);
    const nodes = Object.keys(
      (model as unknown as {executor: {graph: {nodes: object}}}).executor.graph.nodes,
    );
    const last = nodes.filter((name) => /Relu6$|out_relu/i.test(name)).at(-1)!;
    await expectSameAsGradCam(model, x, 5, last);
    model.dispose();
    x.dispose();
  });
}

describe('what has none is told so', () => {
  const model = smallMobileNet();
  const x = tf.ones([1, 16, 16, 3]);
  const of = (layer: string, classIndex: number, known: object = {classCount: 3}, inputs = [x]) =>
    heatMapOf(
      loadedOf(model, known),
      inputs,
      layer,
      classIndex,
      new Map([
        ['classes', layoutOf([1, 3], 1)],
        ['first', layoutOf([1, 4, 7, 7], 1)],
      ]),
    );

  test.each([
    ['a model without classes', of('conv_relu', 0, {classCount: null}), 'has no classes'],
    ['a model with two inputs', of('conv_relu', 0, {classCount: 3}, [x, x]), 'one input, got 2'],
    ['a class that is not there', of('conv_relu', 3), 'has classes 0 to 2, got 3'],
    ['a layer without maps', of('classes', 0), 'classes has no maps'],
    ['channels first', of('first', 0), 'first has its channels first'],
  ])('%s', async (_, heat, message) => {
    await expect(heat).rejects.toThrow(message);
  });

  test('a layer that is not there, and nothing stays behind', async () => {
    const held = tf.memory().numTensors;
    await expect(of('nowhere', 0)).rejects.toThrow('nowhere');
    expect(tf.memory().numTensors).toBe(held);
  });
  afterAll(() => {
    model.dispose();
    x.dispose();
  });
});

test('a sequence has a column of heat', async () => {
  const model = sequential({
    layers: [
      layers.conv1d({
        name: 'conv',
        filters: 4,
        kernelSize: 2,
        activation: 'relu',
        inputShape: [6, 3],
      }),
      layers.globalAveragePooling1d({}),
      layers.dense({units: 2, activation: 'softmax'}),
    ],
  });
  const x = tf.randomNormal([1, 6, 3], 0, 1, 'float32', 5);
  const {height, width, values} = await heatMapOf(
    loadedOf(model, {classCount: 2}),
    [x],
    'conv',
    0,
    new Map(),
  );
  expect([height, width, values.length]).toEqual([5, 1, 5]);
  model.dispose();
  x.dispose();
});
