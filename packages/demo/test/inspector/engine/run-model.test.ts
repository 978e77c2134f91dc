import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {channelStats, withCapture} from '@tfjs-capture/hooks';
import {isGraphModel} from '../../../inspector/engine/is-graph-model.js';
import {inputsOf} from '../../../inspector/engine/prepare-input.js';
import {runModel} from '../../../inspector/engine/run-model.js';
import type {ModelRun} from '../../../inspector/engine/run-model.js';
import type {Progress} from '../../../inspector/protocol/engine.js';
import {loadEsrganSlim} from '../../../src/models/esrgan-slim.js';
import {loadFacemesh} from '../../../src/models/graph-models.js';
import {loadMobileNetV2} from '../../../src/models/mobilenet-v2.js';
import {countDiffering} from '../../../src/verify/check-same-bits.js';
import {smallGraph} from '../../small-graph.js';
import {loadedOf} from './loaded.js';
import {graphInTime, SMALL_MODELS} from './small-models.js';

/** In how many values two arrays differ by any bit: expect's own comparison takes seconds for a million of them. */
const differing = (left: Float32Array, right: ArrayLike<number>): number =>
  countDiffering(bitsOf(left), bitsOf(new Float32Array(right)));
const bitsOf = ({buffer, byteOffset, length}: Float32Array) =>
  new Uint32Array(buffer, byteOffset, length);
const nothing = () => undefined;
const plainly = (model: LayersModel | GraphModel, inputs: tf.Tensor[]): tf.Tensor[] =>
  [
    isGraphModel(model)
      ? model.execute(inputs)
      : model.predict(inputs.length === 1 ? inputs[0]! : inputs),
  ].flat();

/** Everything that a run must have in common with a capture by hand, and with a run without capture. */
async function expectSameAsByHand(model: LayersModel | GraphModel, inputs: tf.Tensor[]) {
  const held = tf.memory().numTensors;
  const run = await runModel(model, inputs, [], nothing);
  expect(tf.memory().numTensors).toBe(held);

  using capture = withCapture(() => plainly(model, inputs), {record: ['pre', 'post']});
  const plain = plainly(model, inputs);
  expect(run.points).toHaveLength(capture.records.length);
  for (const [index, {pre, post, ...point}] of capture.records.entries()) {
    const captured = run.points[index]!;
    expect(captured).toMatchObject({...point, shape: pre!.shape});
    expect(differing(captured.pre, pre!.dataSync())).toBe(0);
    expect(differing(captured.post, post!.dataSync())).toBe(0);
  }
  expect(run.outputs.map(({shape}) => shape)).toEqual(plain.map(({shape}) => shape));
  for (const [index, {values}] of run.outputs.entries()) {
    expect(differing(values, plain[index]!.dataSync())).toBe(0);
  }
  tf.dispose([plain, capture.result]);
  return run;
}

describe.each(Object.keys(SMALL_MODELS))('%s', (kind) => {
  const model = SMALL_MODELS[kind]!();
  const inputs = inputsOf(loadedOf(model), {kind: 'noise', seed: 4});
  afterAll(() => {
    model.dispose();
    tf.dispose(inputs);
  });

  test('is captured as by hand', async () => {
    const {points} = await expectSameAsByHand(model, inputs);
    expect(points.length).toBeGreaterThan(0);
  });

  test('the channels lie where reducers find them', async () => {
    const {points} = await runModel(model, inputs, [], nothing);
    using reduced = withCapture(() => model.predict(inputs.length === 1 ? inputs[0]! : inputs), {
      reduce: channelStats(),
    });
    for (const {name, call, slot, shape, channelAxis} of points) {
      const {value} = reduced.get(name, {call, slot});
      expect(value!.count).toHaveLength(shape[channelAxis]!);
    }
  });
});

test('channels first are told, also behind a layer without a format', async () => {
  const model = SMALL_MODELS['channels first']!();
  const inputs = inputsOf(loadedOf(model), {kind: 'noise', seed: 4});
  const {points} = await runModel(model, inputs, [], nothing);
  expect(points.map(({name, channelAxis}) => [name, channelAxis])).toEqual([
    ['conv', 1],
    ['relu', 1],
  ]);
  model.dispose();
  tf.dispose(inputs);
});

test('each time step and gate of an LSTM is a hook point', async () => {
  const model = SMALL_MODELS['a recurrent layer']!();
  const inputs = inputsOf(loadedOf(model), {kind: 'noise', seed: 4});
  const {points} = await runModel(model, inputs, [], nothing);
  const addresses = points.map(({call, slot}) => `${call} ${slot}`);
  expect(addresses).toHaveLength(15);
  expect(new Set(addresses).size).toBe(15);
  model.dispose();
  tf.dispose(inputs);
});

test('a graph with several outputs', async () => {
  const model = await smallGraph();
  const inputs = [tf.randomNormal([1, 4], 0, 3, 'float32', 5)];
  const {points, outputs} = await expectSameAsByHand(model, inputs);
  expect(points.map(({name}) => name)).toEqual(['dense', 'relu6', 'gate']);
  expect(outputs.map(({name}) => name)).toEqual(model.outputNodes);
  model.dispose();
  tf.dispose(inputs);
});

describe('a graph that must be waited for', () => {
  test('is captured all the same', async () => {
    const model = await graphInTime();
    const x = tf.tensor2d([[-1, 0, 2]]);
    const held = tf.memory().numTensors;
    const {points, outputs} = await runModel(model, [x], [], nothing);
    expect(tf.memory().numTensors).toBe(held);
    expect(points.map(({name, pre}) => [name, [...pre]])).toEqual([
      ['relu', [-1, 0, 2]],
      ['last', [0, 2]],
    ]);
    expect(outputs.map(({values}) => [...values])).toEqual([
      [0, 2],
      [0, 0, 2],
    ]);
    model.dispose();
    x.dispose();
  });

  test('leaves nothing behind if a node fails that is waited for', async () => {
    const model = await graphInTime();
    const x = tf.tensor2d([[-1, 0, 2]]);
    const held = tf.memory().numTensors;
    const broken = jest
      .spyOn(tf.Tensor.prototype, 'data')
      .mockRejectedValue(new Error('broken on purpose'));
    await expect(runModel(model, [x], [], nothing)).rejects.toThrow('broken on purpose');
    broken.mockRestore();
    expect(tf.memory().numTensors).toBe(held);
    model.dispose();
    x.dispose();
  });

  test('leaves nothing behind if a node fails', async () => {
    const model = await graphInTime('NoSuchOperation');
    const x = tf.tensor2d([[-1, 0, 2]]);
    const held = tf.memory().numTensors;
    await expect(runModel(model, [x], [], nothing)).rejects.toThrow('NoSuchOperation');
    expect(tf.memory().numTensors).toBe(held);
    model.dispose();
    x.dispose();
  });
});

test.each(['first', 'last'])('leaves nothing behind if the %s layer fails', async (place) => {
  const model = sequential({
    layers: [
      layers.dense({name: 'first', units: 3, activation: 'relu', inputShape: [3]}),
      layers.dense({name: 'last', units: 3, activation: 'sigmoid'}),
    ],
  });
  const x = tf.ones([1, 3]);
  tf.dispose(model.predict(x)); // tfjs keeps a few constants from then on
  const held = tf.memory().numTensors;
  const broken = {
    layers: place,
    post: () => {
      throw new Error('broken on purpose');
    },
  };
  await expect(runModel(model, [x], [broken], nothing)).rejects.toThrow('broken on purpose');
  expect(tf.memory().numTensors).toBe(held);
  // And the next run is not disturbed.
  await expectSameAsByHand(model, [x]);
  model.dispose();
  x.dispose();
});

test('leaves nothing behind if values cannot be read', async () => {
  const model = SMALL_MODELS['dense, of rank 2']!();
  const x = tf.ones([1, 3]);
  const held = tf.memory().numTensors;
  let reads = 0;
  const read = jest.spyOn(tf.Tensor.prototype, 'data').mockImplementation(() => {
    if (++reads > 2) return Promise.reject(new Error('broken on purpose'));
    return Promise.resolve(new Float32Array(1));
  });
  await expect(runModel(model, [x], [], nothing)).rejects.toThrow('broken on purpose');
  read.mockRestore();
  await new Promise((resolve) => setTimeout(resolve));
  expect(tf.memory().numTensors).toBe(held);
  model.dispose();
  x.dispose();
});

test('no two arrays share memory, so that all can be transferred', async () => {
  // The second ReLU gets the very data that the first one gave.
  const model = sequential({layers: [layers.reLU({inputShape: [4]}), layers.reLU()]});
  const x = tf.ones([1, 4]);
  const {points, outputs} = await runModel(model, [x], [], nothing);
  const arrays = [...points.flatMap(({pre, post}) => [pre, post]), ...outputs.map((o) => o.values)];
  expect(new Set(arrays.map(({buffer}) => buffer)).size).toBe(5);
  // Nor do they share it with the model's tensors.
  points[0]!.pre.fill(7);
  expect([...x.dataSync()]).toEqual([1, 1, 1, 1]);
  model.dispose();
  x.dispose();
});

test('tells how far it has come, by the order of the layers', async () => {
  const model = SMALL_MODELS['a nested model']!();
  const x = tf.ones([1, 3]);
  const told: Progress[] = [];
  await runModel(model, [x], [], (progress) => told.push(progress));
  const running = told.filter(({stage}) => stage === 'Running the model');
  // first, inner/dense, inner, last: four layers, of which two have activations.
  expect(running.map(({share}) => share)).toEqual([0, 1 / 2, 1]);
  const reading = told.filter(({stage}) => stage === 'Reading what was captured');
  expect(reading.map(({share}) => share)).toEqual([0.25, 0.5, 0.75, 1]);
  model.dispose();
  x.dispose();
});

test('tells how far it has come, by the order of the nodes', async () => {
  const model = await smallGraph();
  const x = tf.ones([1, 4]);
  const told: Progress[] = [];
  await runModel(model, [x], [], (progress) => told.push(progress));
  const running = told.filter(({stage}) => stage === 'Running the model');
  // Of ten nodes the 4th, the 6th and the 8th have activations.
  expect(running.map(({share}) => share)).toEqual([0, 0.4, 0.6, 0.8]);
  model.dispose();
  x.dispose();
});

// The CPU backend takes many seconds for each.
const realModels: readonly [string, () => Promise<LayersModel | GraphModel>, number[], number][] = [
  ['ESRGAN-slim', loadEsrganSlim, [1, 32, 32, 3], 4],
  ['MobileNetV2', loadMobileNetV2, [1, 224, 224, 3], 36],
  ['facemesh', loadFacemesh, [1, 192, 192, 3], 29],
];
if (globalThis.TFJS_BACKEND === 'wasm') {
  test.each(realModels)('%s is captured as by hand', async (_, load, shape, least) => {
    const model = await load();
    const x = tf.randomUniform(shape, 0, 1, 'float32', 6);
    const run: ModelRun = await expectSameAsByHand(model, [x]);
    expect(run.points.length).toBeGreaterThanOrEqual(least);
    model.dispose();
    x.dispose();
  });
}
