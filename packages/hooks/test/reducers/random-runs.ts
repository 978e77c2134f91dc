/** Random models, and the batches that are run through them in one scope each, for fast-check. */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';

import type {LayerKind} from '../fidelity/layer-kinds.js';
import {buildPlan} from '../fidelity/model-plans.js';
import {KINDS_BY_SHAPE, plansAndShapes} from '../fidelity/random-plans.js';
import {CELL_KINDS} from '../fidelity/recurrent-cells.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';

const SPECIAL = [NaN, Infinity, -Infinity, -0, 0, 1e-45, -1e-40, 1e38, -3e38, 1e6];

const models = fc.oneof(
  {weight: 4, arbitrary: plansAndShapes},
  {
    weight: 1,
    arbitrary: fc.record({
      on: fc.constant('recurrent' as const),
      cell: fc.constantFrom(...CELL_KINDS.map(({name}) => name)),
      steps: fc.integer({min: 1, max: 4}),
    }),
  },
);
type Model = typeof models extends fc.Arbitrary<infer T> ? T : never;

const batches = fc.record({
  rows: fc.oneof(fc.integer({min: 1, max: 9}), fc.constantFrom(31, 33, 65)),
  seed: fc.nat(1000),
  /** Added to all values. */
  offset: fc.constantFrom(0, 0, 0, 1e6),
  scale: fc.constantFrom(3, 3, 0, 1e-3),
  plants: fc.array(fc.tuple(fc.nat(), fc.constantFrom(...SPECIAL)), {maxLength: 3}),
});
type Batch = typeof batches extends fc.Arbitrary<infer T> ? T : never;

/** A model, what runs through it scope by scope, and the order in which the scopes' captures are merged. */
export const runs = fc.record({
  model: models,
  scopes: fc.array(batches, {minLength: 1, maxLength: 4}),
  order: fc.array(fc.nat(), {minLength: 8, maxLength: 8}),
});
export type Run = typeof runs extends fc.Arbitrary<infer T> ? T : never;

export interface BuiltRun {
  readonly model: LayersModel;
  readonly inputs: readonly Tensor[];
  dispose(): void;
}

export function buildRun({model: plan, scopes}: Run): BuiltRun {
  const {model, shape, dispose} = buildModel(plan);
  const inputs = scopes.map((batch) => inputOf(batch, shape));
  return {
    model,
    inputs,
    dispose() {
      dispose();
      tf.dispose([...inputs]);
    },
  };
}

function buildModel(plan: Model): {model: LayersModel; shape: number[]; dispose(): void} {
  if (plan.on !== 'recurrent') {
    const kinds: readonly LayerKind[] = KINDS_BY_SHAPE[plan.on];
    return {...buildPlan(plan.plan, kinds), shape: kinds[0]!.inputShape};
  }
  const kind = CELL_KINDS.find(({name}) => name === plan.cell)!;
  const shape = [plan.steps, ...kind.inputShape];
  const model = sequential({
    layers: [
      layers.inputLayer({inputShape: shape}),
      kind.layer({name: 'rnn', activation: 'tanh', recurrentActivation: 'hardSigmoid'}),
    ],
  });
  model.layers.forEach((layer) => setSeededWeights(layer));
  return {model, shape, dispose: () => void model.dispose()};
}

const inputOf = ({rows, seed, offset, scale, plants}: Batch, shape: number[]): Tensor =>
  tf.tidy(() => {
    const values = seeded([rows, ...shape], seed, scale)
      .dataSync()
      .slice() as Float32Array;
    values.forEach((value, i) => (values[i] = value + offset));
    for (const [place, value] of plants) values[place % values.length] = value;
    return tf.tensor(values, [rows, ...shape], 'float32');
  });

/** The scopes in the order in which their captures are merged, and between which neighbours this happens one after another. */
export function mergingOrder({scopes, order}: Run): {order: number[]; merges: number[]} {
  const left = scopes.map((_, i) => i);
  const [...numbers] = order;
  const next = (below: number): number => (numbers.shift() ?? 0) % below;
  const shuffled = scopes.map(() => left.splice(next(left.length), 1)[0]!);
  const merges = scopes.slice(1).map((_, i) => next(scopes.length - 1 - i));
  return {order: shuffled, merges};
}
