// Layers have their names in models of every kind, and all calls of a layer are one.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model as functional, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {withCapture} from '@tfjs-capture/hooks';
import type {TrainingMonitor} from '../../src/monitor/monitor.js';
import {
  compiled,
  inputs,
  meanOf,
  monitor,
  QUIET,
  seedWeights,
  targets,
} from './watched-training.js';

/** Trains on one batch, and compares with the pre-activations of a forward pass over the same. */
async function watchOneBatch(model: LayersModel, x: Tensor, watch: TrainingMonitor = monitor()) {
  seedWeights(model);
  compiled(model);
  const y = targets(x.shape[0]);
  const forward = withCapture(() => model.apply(x, {training: true}) as Tensor);
  const expected = new Map<string, number[]>();
  for (const {name, slot, pre} of forward.records) {
    const key = `${name} ${slot}`;
    expected.set(key, [...(expected.get(key) ?? []), ...pre!.dataSync()]);
  }
  forward.dispose();
  tf.dispose(forward.result);
  await model.fit(x, y, {batchSize: 64, epochs: 1, shuffle: false, ...QUIET, callbacks: watch});
  tf.dispose([x, y]);
  const {layers: reported} = watch.report();
  expect(reported.map(({name, slot}) => `${name} ${slot}`)).toEqual([...expected.keys()]);
  for (const {name, slot, mean} of reported) {
    expect(mean).toBeCloseTo(meanOf(expected.get(`${name} ${slot}`)!), 4);
  }
  return reported;
}

const dense = (name: string, units: number, activation?: 'relu' | 'tanh') =>
  layers.dense({name, units, ...(activation && {activation})});

test('a functional model with two branches and a shared layer', async () => {
  const x = input({shape: [4]});
  const shared = dense('shared', 4, 'relu');
  const once = shared.apply(x) as SymbolicTensor;
  const twice = shared.apply(once) as SymbolicTensor;
  const other = dense('other', 4, 'tanh').apply(x) as SymbolicTensor;
  const sum = layers.add().apply([twice, other]) as SymbolicTensor;
  const model = functional({inputs: x, outputs: dense('last', 2).apply(sum) as SymbolicTensor});
  const reported = await watchOneBatch(model, inputs(10));
  expect(new Set(reported.map(({name}) => name))).toEqual(new Set(['shared', 'other']));
});

test('a nested model', async () => {
  const inner = sequential({
    name: 'encoder',
    layers: [layers.dense({name: 'hidden', units: 5, inputShape: [4], activation: 'relu'})],
  });
  const x = input({shape: [4]});
  const model = functional({
    inputs: x,
    outputs: dense('last', 2).apply(inner.apply(x)) as SymbolicTensor,
  });
  const reported = await watchOneBatch(model, inputs(10));
  expect(reported.map(({name, units}) => [name, units])).toEqual([['encoder/hidden', 5]]);
});

test('an LSTM: five activations, all time steps as one', async () => {
  const model = sequential({
    layers: [layers.lstm({name: 'lstm', units: 3, inputShape: [4, 2]}), dense('last', 2)],
  });
  const reported = await watchOneBatch(model, inputs(6, 4, 2));
  expect(reported.map(({slot, activation, units}) => [slot, activation, units])).toEqual([
    [0, 'hardSigmoid', 3],
    [1, 'hardSigmoid', 3],
    [2, 'tanh', 3],
    [3, 'hardSigmoid', 3],
    [4, 'tanh', 3],
  ]);
  expect(reported[0]!.margin).toBeGreaterThan(0);
  expect(reported[2]!.margin).toBeNull();
});

test('an activation layer shared by values of several widths', async () => {
  const x = input({shape: [4]});
  const relu = layers.reLU({name: 'relu'});
  const narrow = relu.apply(x) as SymbolicTensor;
  const wide = relu.apply(dense('wide', 7).apply(narrow)) as SymbolicTensor;
  const model = functional({inputs: x, outputs: dense('last', 2).apply(wide) as SymbolicTensor});
  seedWeights(model);
  compiled(model);
  const watch = monitor();
  const [a, b] = [inputs(8), targets(8)];
  await model.fit(a, b, {epochs: 2, ...QUIET, callbacks: watch});
  tf.dispose([a, b]);
  expect(watch.report().layers.map(({name, units}) => [name, units])).toEqual([
    ['relu', 4],
    ['relu', 7],
  ]);
});

test('the layers that are asked for alone', async () => {
  const model = sequential({
    layers: ['a1', 'b1', 'a2'].map((name, i) =>
      layers.dense({name, units: 4, activation: 'relu', ...(i === 0 && {inputShape: [4]})}),
    ),
  });
  model.add(dense('last', 2));
  seedWeights(model);
  compiled(model);
  const watch = monitor({layers: 'a*'});
  const [x, y] = [inputs(8), targets(8)];
  await model.fit(x, y, {epochs: 1, ...QUIET, callbacks: watch});
  tf.dispose([x, y]);
  expect(watch.report().layers.map(({name}) => name)).toEqual(['a1', 'a2']);
});

test('losses and metrics with activations of their own are not layers', async () => {
  const first = layers.dense({name: 'first', units: 3, inputShape: [4], activation: 'relu'});
  const model = sequential({layers: [first, dense('last', 2)]});
  model.compile({
    optimizer: 'sgd',
    loss: (truth, guess) => tf.mean(tf.relu(tf.sub(guess, truth)), -1),
    metrics: [(truth, guess) => tf.mean(tf.sigmoid(tf.sub(guess, truth)))],
  });
  for (const beside of [[], [{onTrainBegin: () => {}}]]) {
    const watch = monitor();
    const [x, y] = [inputs(8), targets(8)];
    await model.fit(x, y, {epochs: 1, ...QUIET, callbacks: [...beside, watch]});
    tf.dispose([x, y]);
    expect(watch.report().layers.map(({name}) => name)).toEqual(['first']);
  }
});
