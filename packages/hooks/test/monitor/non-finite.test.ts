// Where the first value appears that is not finite.
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {compiled, instance, mlp, monitor, train} from './watched-training.js';

/** Puts a value into one weight. */
function plant(model: LayersModel, weight: number, index: number, value: number): void {
  tf.tidy(() => {
    const weights = model.getWeights();
    const values = weights[weight]!.dataSync<'float32'>().slice();
    values[index] = value;
    weights[weight] = tf.tensor(values, weights[weight]!.shape);
    model.setWeights(weights);
  });
}

/** Plants it before one batch of the training. */
const plantAt = (epoch: number, batch: number, ...where: [number, number, number]) => {
  let now = 0;
  return instance({
    onEpochBegin: (at: number) => Promise.resolve(void (now = at)),
    onBatchBegin(this: {model: LayersModel}, at: number) {
      if (now === epoch && at === batch) plant(this.model, ...where);
      return Promise.resolve();
    },
  });
};

test('a NaN in a weight of the second layer', async () => {
  // Kernel 2 is the second layer's, of 6 units: index 16 is unit 4 of input 2.
  const watch = monitor();
  await train(compiled(mlp()), [plantAt(1, 2, 2, 16, NaN), watch]);
  const {firstNonFinite, layers} = watch.report();
  expect(firstNonFinite).toEqual({layer: 'second', slot: 0, epoch: 1, batch: 2, units: [4]});
  expect(layers.map(({nan, infinite}) => [nan, infinite])).toEqual([
    [0, 0],
    [4, 0],
  ]);
  // A NaN is neither active nor inactive.
  expect(layers[1]!.dead).not.toContain(4);
});

test('a NaN in a bias of the first layer spreads to the second, which is not named', async () => {
  const watch = monitor();
  await train(compiled(mlp('tanh')), [plantAt(0, 1, 1, 3, NaN), watch]);
  const {firstNonFinite, layers} = watch.report();
  expect(firstNonFinite).toEqual({layer: 'first', slot: 0, epoch: 0, batch: 1, units: [3]});
  expect(layers[1]!.nan).toBeGreaterThan(0);
});

test('a network that overflows to Infinity', async () => {
  const model = compiled(mlp());
  plant(model, 1, 2, 3e38);
  // From the unit that is large on, one weight each of 10 and -10: these units overflow.
  tf.tidy(() => {
    const weights = model.getWeights();
    const kernel = new Float32Array(36);
    kernel[2 * 6 + 1] = 10;
    kernel[2 * 6 + 5] = -10;
    model.setWeights([...weights.slice(0, 2), tf.tensor(kernel, [6, 6]), ...weights.slice(3)]);
  });
  const watch = monitor({every: 100});
  await train(model, watch);
  const {firstNonFinite, layers} = watch.report();
  expect(firstNonFinite).toEqual({layer: 'second', slot: 0, epoch: 0, batch: 0, units: [1, 5]});
  expect(layers.map(({nan, infinite}) => [nan, infinite])).toEqual([
    [0, 0],
    [0, 8],
  ]);
  // -Infinity is as dead as can be, Infinity is active.
  expect(layers[1]!.dead).toContain(5);
  expect(layers[1]!.dead).not.toContain(1);
});

test('none', async () => {
  const watch = monitor();
  await train(compiled(mlp()), watch);
  expect(watch.report().firstNonFinite).toBeNull();
});
