/** Models of a few layers, with weights that are the same in every run. */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

import type {Reducer} from '@tfjs-capture/hooks';
import {setSeededWeights} from '../fidelity/seeded-values.js';

/** Two dense layers, 'a' of 4 units with a ReLU and 'b' of 3 with a tanh, on 5 inputs. */
export function denseModel(): LayersModel {
  const made = sequential({
    layers: [
      layers.dense({name: 'a', units: 4, activation: 'relu', inputShape: [5]}),
      layers.dense({name: 'b', units: 3, activation: 'tanh'}),
    ],
  });
  setSeededWeights(made);
  return made;
}

/** A dense layer 'shared' that is called twice in a row, on 4 inputs. */
export function sharedModel(): LayersModel {
  const x = input({shape: [4]});
  const shared = layers.dense({name: 'shared', units: 4, activation: 'relu'});
  const made = model({
    inputs: x,
    outputs: shared.apply(shared.apply(x)) as SymbolicTensor,
  });
  setSeededWeights(made);
  return made;
}

/** An LSTM 'lstm' of 3 units over any number of steps of 2. */
export function lstmModel(): LayersModel {
  const made = sequential({
    layers: [
      layers.lstm({
        name: 'lstm',
        units: 3,
        inputShape: [null, 2],
        recurrentActivation: 'hardSigmoid',
      }),
    ],
  });
  setSeededWeights(made);
  return made;
}

/** The sum of all values, as a tensor; states and results are tensors.  */
export const tensorSum: Reducer<Tensor, {sum: Tensor | null}> = {
  init: () => ({sum: null}),
  step: ({sum}, value) => ({sum: sum ? tf.add(sum, tf.sum(value)) : tf.sum(value)}),
  merge: (state, other) => {
    if (!other.sum) return state;
    return state.sum ? {sum: tf.add(state.sum, other.sum)} : {...other};
  },
  finish: ({sum}) => sum ?? tf.scalar(0),
};

/** Runs `fn` in a tidy that keeps none of what it returns. */
export function inTidy<T>(fn: () => T): T {
  let result!: T;
  tf.tidy(() => {
    result = fn();
  });
  return result;
}
