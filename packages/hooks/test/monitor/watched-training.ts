/** Small seeded models and trainings to watch, and dense layers computed by hand. */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {Callback, layers, sequential} from '@tensorflow/tfjs-layers';
import type {History, LayersModel, ModelFitArgs} from '@tensorflow/tfjs-layers';
import {withCapture} from '@tfjs-capture/hooks';
import {makeMonitor} from '../../src/monitor/monitor.js';

export const monitor = makeMonitor(withCapture);

/** Two hidden layers: 'first' and 'second'; weights of a seed. */
export function mlp(activation: 'relu' | 'tanh' | 'sigmoid' | 'relu6' = 'relu', units = 6) {
  const model = sequential({
    layers: [
      layers.dense({name: 'first', units, inputShape: [4], activation}),
      layers.dense({name: 'second', units, activation}),
      layers.dense({name: 'last', units: 2}),
    ],
  });
  seedWeights(model);
  return model;
}

export function seedWeights(model: LayersModel, spread = 0.7): void {
  tf.tidy(() => {
    model.setWeights(
      model.weights.map(({shape}, i) =>
        tf.randomNormal(shape as number[], 0, spread, 'float32', i + 1),
      ),
    );
  });
}

export const compiled = <M extends LayersModel>(model: M, learningRate = 0.05): M => {
  model.compile({
    optimizer: tf.train.sgd(learningRate),
    loss: 'meanSquaredError',
    metrics: ['mae'],
  });
  return model;
};

export const inputs = (rows: number, ...shape: number[]): Tensor =>
  tf.randomNormal([rows, ...(shape.length > 0 ? shape : [4])], 0, 1, 'float32', 11);

export const targets = (rows: number, units = 2): Tensor =>
  tf.randomNormal([rows, units], 0, 1, 'float32', 12);

/** Without a progress bar. */
export const QUIET = {verbose: 0} as const;

/** Trains in order and in silence, on 12 rows in batches of 4 for two epochs unless told otherwise. */
export async function train(
  model: LayersModel,
  callbacks: ModelFitArgs['callbacks'],
  args: ModelFitArgs & {rows?: number} = {},
): Promise<History> {
  const {rows = 12, ...rest} = args;
  const [x, y] = [inputs(rows), targets(rows)];
  try {
    const fixed = {batchSize: 4, epochs: 2, shuffle: false, ...QUIET};
    return await model.fit(x, y, {...fixed, ...rest, ...(callbacks && {callbacks})});
  } finally {
    tf.dispose([x, y]);
  }
}

export const weightsOf = (model: LayersModel): Float32Array[] =>
  model.getWeights().map((weight) => weight.dataSync<'float32'>().slice());

/** A callback of the class that `fit` tells the model. */
export const instance = (functions: Partial<Callback>): Callback =>
  Object.assign(new (class extends Callback {})(), functions);

type Rows = number[][];

/** Every layer's pre-activations, from plain arithmetic. */
export function preActivations(
  weights: readonly Float32Array[],
  x: Rows,
  activate: (value: number) => number,
): Rows[] {
  const pres: Rows[] = [];
  let rows = x;
  for (let at = 0; at < weights.length; at += 2) {
    const bias = [...weights[at + 1]!];
    const pre = rows.map((row) =>
      bias.map((offset, unit) =>
        row.reduce((sum, value, i) => sum + value * weights[at]![i * bias.length + unit]!, offset),
      ),
    );
    pres.push(pre);
    rows = pre.map((row) => row.map(activate));
  }
  return pres;
}

/** Pre-activations of each batch of a training, with the weights that it began with. */
export function witness(rows: number, batchSize: number, activate: (value: number) => number) {
  const x = tf.tidy(() => inputs(rows).arraySync() as Rows);
  const batches: Rows[][] = [];
  const callback = instance({
    onBatchBegin(this: Callback, batch: number) {
      const part = x.slice(batch * batchSize, (batch + 1) * batchSize);
      batches.push(preActivations(weightsOf(this.model), part, activate));
      return Promise.resolve();
    },
  });
  return {batches, callback};
}

export const column = (rows: Rows, unit: number): number[] => rows.map((row) => row[unit]!);

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
}

/** The object that the engine's method is, and by whom it is had. */
export const gradientsMethod = () => {
  const engine = tf.engine();
  return {
    method: engine.gradients as unknown,
    isOwn: Object.hasOwn(engine, 'gradients'),
  };
};
