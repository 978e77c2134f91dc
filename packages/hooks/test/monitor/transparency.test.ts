// A monitor changes nothing: no weight, no tensor, no method that stays swapped.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {Callback, LayersModel, ModelFitArgs} from '@tensorflow/tfjs-layers';
import {registerGradientKernels, withCapture} from '@tfjs-capture/hooks';
import {
  compiled,
  gradientsMethod,
  inputs,
  instance,
  mlp,
  monitor,
  QUIET,
  seedWeights,
  targets,
  train,
  weightsOf,
} from './watched-training.js';

const backend = globalThis.TFJS_BACKEND;
const before = gradientsMethod();
const relu = tf.getKernel('Relu', backend);
let undo = (): void => {};
beforeAll(() => (undo = registerGradientKernels(backend)));
afterAll(() => undo());
afterEach(() => {
  expect(gradientsMethod()).toEqual(before);
  expect(gradientsMethod().method).toBe(before.method);
  expect(tf.getKernel('Relu', backend)).toBe(relu);
});

const callbacksFor: Record<string, () => ModelFitArgs['callbacks']> = {
  alone: () => monitor(),
  'every third': () => monitor({every: 3}),
  'two at once': () => [monitor({every: 2}), monitor({layers: 'second'})],
  'behind an instance': () => [instance({}), monitor()],
  'before an instance': () => [monitor(), instance({})],
  'behind a plain object': () => [{onEpochEnd: () => {}}, monitor()],
  'with writers': () => monitor({writers: [{write: () => {}}]}),
};

for (const [name, callbacks] of Object.entries(callbacksFor)) {
  test(`weights are bit for bit those without it: ${name}`, async () => {
    const [plain, watched] = [compiled(mlp()), compiled(mlp())];
    const {history} = await train(plain, undefined);
    expect((await train(watched, callbacks())).history).toEqual(history);
    expect(weightsOf(watched)).toEqual(weightsOf(plain));
  });
}

test('a convolutional model with dropout, batch normalization and Adam', async () => {
  const build = () => {
    const model = sequential({
      layers: [
        layers.conv2d({inputShape: [6, 6, 2], filters: 3, kernelSize: 3, activation: 'relu'}),
        layers.batchNormalization(),
        layers.reLU(),
        layers.dropout({rate: 0.4, seed: 3}),
        layers.flatten(),
        layers.dense({units: 2, activation: 'softmax'}),
      ],
    });
    seedWeights(model, 0.3);
    model.compile({optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy'});
    return model;
  };
  const x = inputs(8, 6, 6, 2);
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1], 'int32'), 2));
  const run = async (callbacks?: ReturnType<typeof monitor>) => {
    const model = build();
    const args = {batchSize: 4, epochs: 2, shuffle: false, ...QUIET};
    await model.fit(x, y, {...args, ...(callbacks && {callbacks})});
    return weightsOf(model);
  };
  const plain = await run();
  const watch = monitor();
  expect(await run(watch)).toEqual(plain);
  const [conv] = watch.report().layers;
  expect(conv).toMatchObject({activation: 'relu', units: 3});
  expect(watch.report().layers.map(({activation}) => activation)).toEqual([
    'relu',
    'relu',
    'softmax',
  ]);
  tf.dispose([x, y]);
});

test('no tensor is left, and none piles up over 200 batches', async () => {
  const countsOf = async (...callbacks: Callback[]) => {
    const model = compiled(mlp());
    const counts = [tf.memory().numTensors];
    const count = () => Promise.resolve(void counts.push(tf.memory().numTensors));
    const counting = instance({onBatchBegin: count, onBatchEnd: count});
    await train(model, [...callbacks, counting], {rows: 100, epochs: 8});
    counts.push(tf.memory().numTensors);
    model.dispose();
    return counts.map((number) => number - counts[0]!);
  };
  const plain = await countsOf();
  expect(plain).toHaveLength(402);
  expect(await countsOf(monitor())).toEqual(plain);
});

test('training that is stopped', async () => {
  const model = compiled(mlp());
  const watch = monitor();
  const stop = instance({
    onBatchEnd(this: Callback, batch: number) {
      if (batch === 1) this.model.stopTraining = true;
      return Promise.resolve();
    },
  });
  const {epoch} = await train(model, [watch, stop]);
  expect(epoch).toEqual([0]);
  expect(watch.report().batches).toBe(2);
});

for (const when of ['onBatchEnd', 'onEpochBegin', 'onEpochEnd', 'onTrainEnd'] as const) {
  test(`a callback that throws in ${when}`, async () => {
    const failure = new Error('of the callback');
    const failing = instance({[when]: () => Promise.reject(failure)});
    const watch = monitor();
    await expect(train(compiled(mlp()), [watch, failing])).rejects.toBe(failure);
  });
}

test('what a callback that throws in onBatchBegin leaves ends with close, and with the next gradient', async () => {
  const failing = instance({onBatchBegin: () => Promise.reject(new Error('of the callback'))});
  const watch = monitor();
  await expect(train(compiled(mlp()), [watch, failing])).rejects.toThrow('of the callback');
  expect(gradientsMethod().method).not.toBe(before.method);
  watch.close();
  expect(gradientsMethod().method).toBe(before.method);

  const again = monitor();
  const model = compiled(mlp());
  await expect(train(model, [again, failing])).rejects.toThrow('of the callback');
  await train(model, again);
  expect(again.report().batches).toBe(6);
});

test('a step that throws', async () => {
  const model = compiled(mlp());
  const failure = new Error('of the loss');
  model.compile({
    optimizer: 'sgd',
    loss: () => {
      throw failure;
    },
  });
  await expect(train(model, monitor())).rejects.toBe(failure);
});

test('a gradient of others between begin and step is neither touched nor observed', async () => {
  const watch = monitor();
  const gradients: number[] = [];
  const other = instance({
    onBatchBegin() {
      const w = tf.variable(tf.scalar(3));
      const {grads} = tf.variableGrads(() => tf.relu(tf.mul(w, w)), [w]);
      gradients.push(grads[w.name]!.dataSync<'float32'>()[0]!);
      tf.dispose([grads[w.name]!, w]);
      return Promise.resolve();
    },
  });
  await train(compiled(mlp()), [watch, other]);
  expect(gradients).toEqual([6, 6, 6, 6, 6, 6]);
  expect(watch.report().batches).toBe(6);
  expect(watch.report().layers.map(({name}) => name)).toEqual(['first', 'second']);
});

test('a capture around the training records what it does without the monitor', async () => {
  const recordsOf = async (callbacks?: ModelFitArgs['callbacks']) => {
    const capture = await withCapture(() => train(compiled(mlp()), callbacks));
    const points = capture.records.map(({name, pass, call, pre}) => ({
      name,
      pass,
      call,
      pre: pre!.dataSync().slice(),
    }));
    capture.dispose();
    return points;
  };
  const plain = await recordsOf();
  expect(plain).toHaveLength(12);
  expect(await recordsOf(monitor())).toEqual(plain);
  expect(await recordsOf([{onTrainBegin: () => {}}, monitor()])).toEqual(plain);
});

test('fitDataset', async () => {
  const run = async (callbacks?: ReturnType<typeof monitor>) => {
    const model = compiled(mlp());
    const [x, y] = [inputs(12), targets(12)] as [Tensor, Tensor];
    const batches = {
      iterator() {
        let at = 0;
        const next = () => {
          const done = at === 3;
          const value = done
            ? null
            : {xs: tf.slice(x, [4 * at, 0], [4, 4]), ys: tf.slice(y, [4 * at, 0], [4, 2])};
          at++;
          return Promise.resolve({done, value});
        };
        return Promise.resolve({next});
      },
    };
    type Dataset = Parameters<LayersModel['fitDataset']>[0];
    const args = {epochs: 2};
    await model.fitDataset(batches as unknown as Dataset, {...args, ...(callbacks && {callbacks})});
    tf.dispose([x, y]);
    return weightsOf(model);
  };
  const watch = monitor();
  expect(await run(watch)).toEqual(await run());
  expect(watch.report().batches).toBe(6);
  expect(watch.report().layers[0]?.epochs.map(({epoch}) => epoch)).toEqual([0, 1]);
});

test('validation is not observed', async () => {
  const watch = monitor();
  const [x, y] = [inputs(4), targets(4)];
  await train(compiled(mlp()), watch, {validationData: [x, y]});
  tf.dispose([x, y]);
  const alone = monitor();
  await train(compiled(mlp()), alone);
  expect(watch.report().layers).toEqual(alone.report().layers);
});
