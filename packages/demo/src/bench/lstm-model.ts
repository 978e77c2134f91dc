import {initializers, input, layers, model} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

const UNITS = 64;

/**
 * Two LSTMs and a classifier, random weights. Five activations per LSTM and time step, none of them
 * a layer of its own. Input [batch, steps, 64].
 */
export function buildLstm(): LayersModel {
  // The default, orthogonal, needs tfjs's chained ops, which nothing else here does.
  const recurrentInitializer = initializers.glorotUniform({seed: 2});
  const kernelInitializer = initializers.glorotUniform({seed: 3});
  const shared = {units: UNITS, recurrentInitializer, kernelInitializer};
  const sequence = input({shape: [null, UNITS], name: 'sequence'});
  const first = layers.lstm({...shared, name: 'lstm_1', returnSequences: true}).apply(sequence);
  const second = layers.lstm({...shared, name: 'lstm_2'}).apply(first);
  const classes = layers
    .dense({name: 'classes', units: 10, activation: 'softmax', kernelInitializer})
    .apply(second) as SymbolicTensor;
  return model({inputs: sequence, outputs: classes, name: 'lstm'});
}
