// What is said of units is what plain arithmetic says of the same batches, weights and inputs.
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {
  column,
  compiled,
  inputs,
  instance,
  meanOf,
  mlp,
  monitor,
  train,
  varianceOf,
  weightsOf,
  witness,
} from './watched-training.js';

const relu = (value: number) => Math.max(0, value);

/** Units of a layer of which all values of some batches are as they should be. */
const unitsOf = (
  batches: readonly number[][][],
  isMeant: (values: readonly number[]) => boolean,
): number[] =>
  batches[0]![0]!.flatMap((_, unit) =>
    isMeant(batches.flatMap((rows) => column(rows, unit))) ? unit : [],
  );

test('ReLUs that a large learning rate kills', async () => {
  const model = compiled(mlp('relu', 8), 0.5);
  const seen = witness(12, 4, relu);
  const watch = monitor({window: 3});
  await train(model, [seen.callback, watch], {epochs: 6});
  const reported = watch.report().layers.map(({dead}) => dead);
  const expected = [0, 1].map((layer) =>
    unitsOf(
      seen.batches.slice(-3).map((batch) => batch[layer]!),
      (values) => values.every((value) => value <= 0),
    ),
  );
  expect(reported).toEqual(expected);
  // Some are dead and others are not, or nothing would be told apart.
  expect(expected.flat().length).toBeGreaterThan(0);
  expect(expected.flat().length).toBeLessThan(16);
});

test('dead in each of the window, and no longer than that', async () => {
  const model = compiled(mlp(), 0);
  /** The first unit's bias, batch by batch. */
  const biases = [-100, -100, 100, -100, -100];
  const setBias = instance({
    onBatchBegin(this: {model: LayersModel}, batch: number) {
      tf.tidy(() => {
        const [kernel, bias, ...rest] = this.model.getWeights() as [tf.Tensor, tf.Tensor];
        const values = bias.dataSync().slice();
        values[0] = biases[batch]!;
        this.model.setWeights([kernel, tf.tensor1d(values as Float32Array), ...rest]);
      });
      return Promise.resolve();
    },
  });
  const deadAfter = async (window: number): Promise<boolean> => {
    const watch = monitor({window, layers: 'first'});
    await train(model, [setBias, watch], {rows: 20, epochs: 1});
    return watch.report().layers[0]!.dead.includes(0);
  };
  expect([await deadAfter(1), await deadAfter(2), await deadAfter(3), await deadAfter(10)]).toEqual(
    [true, true, false, false],
  );
});

const SLOPES = {
  tanh: {slope: (x: number) => 1 - Math.tanh(x) ** 2, largest: 1, activate: Math.tanh},
  sigmoid: {
    slope: (x: number) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2,
    largest: 1 / 4,
    activate: (x: number) => 1 / (1 + Math.exp(-x)),
  },
};

for (const activation of ['tanh', 'sigmoid'] as const) {
  test(`units of ${activation} that large weights saturate`, async () => {
    const model = compiled(mlp(activation), 0);
    tf.tidy(() => {
      const [kernel, bias, ...rest] = model.getWeights() as [tf.Tensor, tf.Tensor];
      // Unit by unit further into the flat parts.
      const offsets = tf.tensor1d([0, 2, 4, -6, 12, -40]);
      model.setWeights([kernel, tf.add(tf.mul(bias, 0), offsets), ...rest]);
    });
    const {slope, largest, activate} = SLOPES[activation];
    const seen = witness(40, 10, activate);
    const watch = monitor();
    await train(model, [seen.callback, watch], {rows: 40, batchSize: 10, epochs: 1});
    const isFlat = (value: number) => slope(value) < 0.05 * largest;
    const expected = [0, 1].map((layer) =>
      unitsOf(
        seen.batches.map((batch) => batch[layer]!),
        (values) => values.filter(isFlat).length >= 0.95 * values.length,
      ),
    );
    expect(watch.report().layers.map(({saturated}) => saturated)).toEqual(expected);
    expect(expected[0]).toContain(5);
    expect(expected[0]).not.toContain(0);
    expect(watch.report().layers[0]).toMatchObject({dead: [], margin: null});
  });
}

test('means and variances of epochs, and how they drift', async () => {
  const seen = witness(12, 4, relu);
  const watch = monitor();
  await train(compiled(mlp()), [seen.callback, watch], {epochs: 3});
  watch.report().layers.forEach(({epochs}, layer) => {
    const values = [0, 1, 2].map((epoch) =>
      seen.batches.slice(3 * epoch, 3 * epoch + 3).flatMap((batch) => batch[layer]!.flat()),
    );
    expect(epochs).toHaveLength(3);
    epochs.forEach((reported, epoch) => {
      const [mean, variance] = [meanOf(values[epoch]!), varianceOf(values[epoch]!)];
      expect(reported.epoch).toBe(epoch);
      expect(reported.mean).toBeCloseTo(mean, 5);
      expect(reported.variance).toBeCloseTo(variance, 5);
      if (epoch === 0) {
        expect(reported).toMatchObject({meanDrift: null, varianceDrift: null});
      } else {
        expect(reported.meanDrift).toBeCloseTo(mean - meanOf(values[epoch - 1]!), 5);
        expect(reported.varianceDrift).toBeCloseTo(variance - varianceOf(values[epoch - 1]!), 5);
      }
    });
  });
});

test('means and variances of the window', async () => {
  const seen = witness(12, 4, relu);
  const watch = monitor({window: 2});
  await train(compiled(mlp()), [seen.callback, watch]);
  watch.report().layers.forEach(({mean, variance}, layer) => {
    const values = seen.batches.slice(-2).flatMap((batch) => batch[layer]!.flat());
    expect(mean).toBeCloseTo(meanOf(values), 5);
    expect(variance).toBeCloseTo(varianceOf(values), 5);
  });
});

test('signs that flip from batch to batch', async () => {
  const seen = witness(24, 4, relu);
  const watch = monitor();
  await train(compiled(mlp(), 0.2), [seen.callback, watch], {rows: 24});
  watch.report().layers.forEach(({signFlipRate, units}, layer) => {
    const sides = seen.batches.map((batch) =>
      batch[layer]![0]!.map((_, unit) => meanOf(column(batch[layer]!, unit)) > 0),
    );
    const rates = sides
      .slice(1)
      .map((now, i) => now.filter((side, unit) => side !== sides[i]![unit]).length / units);
    expect(signFlipRate).toBeCloseTo(meanOf(rates), 10);
    expect(signFlipRate).toBeGreaterThan(0);
  });
});

test('no sign has flipped before there are two batches', async () => {
  const watch = monitor({every: 100});
  await train(compiled(mlp()), watch);
  expect(watch.report().layers.map(({signFlipRate}) => signFlipRate)).toEqual([null, null]);
});

const KINKS = {relu: [0], relu6: [0, 6]};

for (const activation of ['relu', 'relu6'] as const) {
  test(`how far pre-activations of ${activation} are from a kink`, async () => {
    const model = compiled(mlp(activation), 0);
    tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 3))));
    const activate = (x: number) => (activation === 'relu' ? relu(x) : Math.min(6, relu(x)));
    const seen = witness(12, 4, activate);
    const watch = monitor();
    await train(model, [seen.callback, watch]);
    watch.report().layers.forEach(({margin}, layer) => {
      const values = seen.batches.flatMap((batch) => batch[layer]!.flat());
      const distances = values.map((value) =>
        Math.min(...KINKS[activation].map((kink) => Math.abs(value - kink))),
      );
      expect(margin).toBeCloseTo(meanOf(distances), 4);
      // Or the upper kink would not matter.
      expect(Math.max(...values)).toBeGreaterThan(3);
    });
  });
}

test('each third batch, counted over epochs', async () => {
  const seen = witness(16, 4, relu);
  const watch = monitor({every: 3});
  await train(compiled(mlp()), [seen.callback, watch], {rows: 16, epochs: 2});
  expect(watch.report().batches).toBe(3);
  // Batches 0 and 3 are of the first epoch, 6 of the second.
  watch.report().layers.forEach(({epochs}, layer) => {
    const meanIn = (...batches: number[]) =>
      meanOf(batches.flatMap((batch) => seen.batches[batch]![layer]!.flat()));
    expect(epochs[0]!.mean).toBeCloseTo(meanIn(0, 3), 5);
    expect(epochs[1]!.mean).toBeCloseTo(meanIn(6), 5);
  });
});

test('a model that is fitted again is watched on, epoch 0 once more', async () => {
  const watch = monitor();
  const model = compiled(mlp());
  await train(model, watch, {epochs: 1});
  const before = watch.report();
  await train(model, watch, {epochs: 1});
  expect(before.batches).toBe(3);
  expect(watch.report().batches).toBe(6);
  expect(watch.report().layers[0]!.epochs.map(({epoch}) => epoch)).toEqual([0, 0]);
  await expect(train(compiled(mlp()), watch)).rejects.toThrow(
    'monitor: all trainings must be of one model, got another. Make a new monitor.',
  );
});

test('the report is plain data, and a table', async () => {
  const watch = monitor();
  await train(compiled(mlp()), watch);
  const report = watch.report();
  expect(JSON.parse(JSON.stringify(report))).toEqual({...report, table: undefined});
  const lines = report.table().split('\n');
  expect(lines[0]).toMatch(/^name +activation +units +dead +saturated +signFlipRate +margin/);
  expect(lines.slice(1).map((line) => line.split(/ +/).slice(0, 3))).toEqual([
    ['first', 'relu', '6'],
    ['second', 'relu', '6'],
  ]);
});

test('weights of a witness are those of the batch', () => {
  // The witness itself: its last layer is what the model predicts.
  const model = mlp();
  const seen = witness(4, 4, relu);
  seen.callback.setModel(model);
  void seen.callback.onBatchBegin(0);
  const predicted = tf.tidy(() => (model.predict(inputs(4)) as tf.Tensor2D).arraySync());
  predicted.forEach((row, i) =>
    row.forEach((value, unit) => expect(seen.batches[0]![2]![i]![unit]).toBeCloseTo(value, 5)),
  );
  expect(weightsOf(model)).toHaveLength(6);
});
