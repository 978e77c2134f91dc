// Every way to run a model gives the records that its layers, run one by one, would.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';

import type {Capture, CaptureOptions} from '@tfjs-capture/hooks';
import {withCapture} from '@tfjs-capture/hooks';
import {activate, named} from './activation-functions.js';
import {download, expectSameBits, listOf} from './float-bits.js';
import {onRoute, ROUTES} from './routes.js';
import {seeded, setSeededWeights} from './seeded-values.js';

const FEATURES = 6;
const CLASSES = 3;
const ROWS = 70;
const LAYERS = [
  {name: 'first', units: 5, activation: 'relu'},
  {name: 'second', units: 4, activation: 'swish'},
  {name: 'third', units: 4, activation: 'linear'},
  {name: 'last', units: CLASSES, activation: 'softmax'},
] as const;
const CAPTURED = LAYERS.filter(({activation}) => activation !== 'linear');

function buildModel(): LayersModel {
  const model = sequential({
    layers: LAYERS.map(({name, units, activation}, i) =>
      layers.dense({
        name,
        units,
        activation: named(activation),
        ...(i === 0 && {inputShape: [FEATURES]}),
      }),
    ),
  });
  setSeededWeights(model);
  // A loss that runs an activation kernel, which is no activation of the model.
  model.compile({optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy']});
  return model;
}

const x = seeded([ROWS, FEATURES], 3);
const y = tf.oneHot(
  tf.tensor1d(
    Array.from({length: ROWS}, (_, i) => i % CLASSES),
    'int32',
  ),
  CLASSES,
);

interface Reference {
  readonly pre: Tensor;
  readonly post: Tensor;
}

/** What each layer must show for some rows: dense layers written out. */
function referenceOf(
  weights: readonly Tensor[],
  rows: Tensor,
  taped: boolean,
): Record<string, Reference> {
  const references: Record<string, Reference> = {};
  let value = rows;
  LAYERS.forEach(({name, activation}, i) => {
    const [kernel, bias] = weights.slice(2 * i, 2 * i + 2) as [tf.Tensor2D, Tensor];
    const fusesBias = activation === 'linear' || (activation === 'relu' && !taped);
    const pre = fusesBias
      ? tf.fused.matMul({a: value, b: kernel, bias})
      : tf.add(tf.matMul(value as tf.Tensor2D, kernel), bias);
    value = activation === 'linear' ? pre : activate(activation, pre);
    references[name] = {pre, post: value};
  });
  return references;
}

/** Fails unless the capture holds these passes, each of which saw these rows. */
function expectPasses(
  {records}: Capture<unknown>,
  passes: readonly {rows: Tensor; weights: readonly Tensor[]; taped: boolean}[],
): void {
  expect(records.map(({name, pass, call}) => `${pass} ${name} ${call}`)).toEqual(
    passes.flatMap((_, pass) => CAPTURED.map(({name}) => `${pass} ${name} 0`)),
  );
  passes.forEach(({rows, weights, taped}, pass) => {
    const references = referenceOf(weights, rows, taped);
    for (const {name} of CAPTURED) {
      const {pre, post} = records.find((one) => one.pass === pass && one.name === name)!;
      expectSameBits(`pass ${pass} ${name} pre`, pre!, references[name]!.pre);
      expectSameBits(`pass ${pass} ${name} post`, post!, references[name]!.post);
    }
  });
}

const batchesOf = (tensor: Tensor, size: number): Tensor[] =>
  Array.from({length: Math.ceil(tensor.shape[0] / size)}, (_, i) =>
    tf.slice(tensor, i * size, Math.min(size, tensor.shape[0] - i * size)),
  );

const options: CaptureOptions = {record: ['pre', 'post']};

type Runner = (model: LayersModel) => Tensor | Tensor[];
const RUNS: readonly [string, number, Runner][] = [
  ['predict', 32, (model) => model.predict(x)],
  ['predict in batches of 9', 9, (model) => model.predict(x, {batchSize: 9})],
  ['predictOnBatch', ROWS, (model) => model.predictOnBatch(x)],
  ['apply', ROWS, (model) => model.apply(x) as Tensor],
  ['call', ROWS, (model) => model.call(x, {})],
  ['evaluate', 32, (model) => model.evaluate(x, y, {batchSize: 32})],
  ['evaluate in batches of 50', 50, (model) => model.evaluate(x, y, {batchSize: 50})],
];

describe.each(RUNS)('%s', (_, batchSize, run) => {
  test.each(ROUTES)('%s', (route) => {
    onRoute(route, () => {
      const model = buildModel();
      const plain = listOf(run(model));
      const capture = withCapture(() => run(model), options);
      const results = listOf(capture.result);
      expect(results.length).toBe(plain.length);
      results.forEach((result, i) => expectSameBits(`result ${i}`, result, plain[i]!));
      const weights = model.getWeights();
      const taped = route === 'taped';
      const passes = batchesOf(x, batchSize).map((rows) => ({rows, weights, taped}));
      expectPasses(capture, passes);
      for (const {name} of CAPTURED) {
        const parts = passes.map(({rows}) => referenceOf(weights, rows, taped)[name]!);
        expectSameBits('joined', capture.pre(name), tf.concat(parts.map(({pre}) => pre)));
        expectSameBits('joined', capture.post(name), tf.concat(parts.map(({post}) => post)));
      }
    });
  });
});

describe('training', () => {
  const ROWS_PER_STEP = 8;
  const few = tf.slice(x, 0, 20);
  const fewLabels = tf.slice(y, 0, 20);
  const fitOptions = {
    batchSize: ROWS_PER_STEP,
    epochs: 2,
    shuffle: false,
    verbose: 0,
    yieldEvery: 'never',
  } as const;

  const expectSameWeights = (captured: LayersModel, plain: LayersModel) => {
    const weights = plain.getWeights();
    captured
      .getWeights()
      .forEach((weight, i) => expectSameBits(`weight ${i}`, weight, weights[i]!));
  };

  test('trainOnBatch', async () => {
    const plain = buildModel();
    const model = buildModel();
    const results: unknown[] = [];
    for (let step = 0; step < 3; step++) {
      const before = model.getWeights().map((weight) => tf.clone(weight));
      const expected = await plain.trainOnBatch(few, fewLabels);
      const capture = await withCapture(() => model.trainOnBatch(few, fewLabels), options);
      expect(capture.result).toEqual(expected);
      results.push(capture.result);
      expectSameWeights(model, plain);
      expectPasses(capture, [{rows: few, weights: before, taped: true}]);
      capture.dispose();
    }
    expect(results[0]).not.toEqual(results[2]);
  });

  test('fit', async () => {
    const plain = buildModel();
    const model = buildModel();
    // The weights before each step, by training step after step on the side.
    const side = buildModel();
    const passes = [];
    for (let epoch = 0; epoch < fitOptions.epochs; epoch++) {
      const labels = batchesOf(fewLabels, ROWS_PER_STEP);
      for (const [i, rows] of batchesOf(few, ROWS_PER_STEP).entries()) {
        passes.push({
          rows,
          weights: side.getWeights().map((weight) => tf.clone(weight)),
          taped: true,
        });
        await side.trainOnBatch(rows, labels[i]!);
      }
    }
    const expected = await plain.fit(few, fewLabels, fitOptions);
    const capture = await withCapture(async () => model.fit(few, fewLabels, fitOptions), options);
    expect(capture.result.history).toEqual(expected.history);
    expect(capture.result.history.loss?.length).toBe(fitOptions.epochs);
    expectSameWeights(model, plain);
    expectPasses(capture, passes);
    capture.dispose();
  });

  test('fit with validation data', async () => {
    const validating = {...fitOptions, validationData: [x, y] as [Tensor, Tensor]};
    const plain = buildModel();
    const model = buildModel();
    const expected = await plain.fit(few, fewLabels, validating);
    const capture = await withCapture(() => model.fit(few, fewLabels, validating), options);
    expect(capture.result.history).toEqual(expected.history);
    expect(capture.result.history.val_loss).toBeDefined();
    expectSameWeights(model, plain);
    // Each epoch: three steps of 8, 8 and 4 rows, then nine batches of validation data.
    const rowsOfPasses = capture.records
      .filter(({name}) => name === 'last')
      .map(({pre}) => pre!.shape[0]);
    const epoch = [8, 8, 4, ...batchesOf(x, ROWS_PER_STEP).map(({shape}) => shape[0])];
    expect(rowsOfPasses).toEqual([...epoch, ...epoch]);
    capture.dispose();
  });

  test('minimize', () => {
    const plain = buildModel();
    const model = buildModel();
    const loss = (of: LayersModel) => () =>
      tf.losses.softmaxCrossEntropy<Tensor, Scalar>(fewLabels, of.apply(few) as Tensor);
    const optimizers = [tf.train.sgd(0.1), tf.train.sgd(0.1)] as const;
    for (let step = 0; step < 3; step++) {
      const expected = download(optimizers[0].minimize(loss(plain), true)!);
      const capture = withCapture(() => optimizers[1].minimize(loss(model), true)!, options);
      expectSameBits('loss', capture.result, expected);
      expectSameWeights(model, plain);
      capture.dispose();
    }
  });
});
