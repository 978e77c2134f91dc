// Estimates of every kind of layer, held to captures.
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';

import {ACTIVATION_NAMES, named} from '../fidelity/activation-functions.js';
import {buildLayer, LAYER_KINDS} from '../fidelity/layer-kinds.js';
import type {LayerKind} from '../fidelity/layer-kinds.js';
import {buildPlan} from '../fidelity/model-plans.js';
import {KINDS_BY_SHAPE, plansAndShapes} from '../fidelity/random-plans.js';
import {chain, expectEstimate, RECORDS} from './compare-with-capture.js';

type Layer = layers.Layer;

/** None; fused, a kernel, composed, a user's own. */
const ACTIVATED = [
  'linear',
  'relu',
  'elu',
  'tanh',
  'softmax',
  'relu6',
  'swish',
  'fidelityBentRelu',
];

describe.each(LAYER_KINDS.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  test.each(ACTIVATED)('%s', (activation) => {
    const layer = buildLayer(kind, 'layer', named(activation));
    const whole = chain(kind.inputShape, layer);
    for (const record of RECORDS) expectEstimate(whole, [[3, ...kind.inputShape]], {record});
    whole.dispose();
  });
});

describe('layers that are an activation', () => {
  test.each<[string, () => Layer]>([
    ['ReLU', () => layers.reLU()],
    ['ReLU up to 6', () => layers.reLU({maxValue: 6})],
    ['LeakyReLU', () => layers.leakyReLU()],
    ['PReLU', () => layers.prelu()],
    ['ELU', () => layers.elu()],
    ['ThresholdedReLU', () => layers.thresholdedReLU()],
    ['Softmax', () => layers.softmax({axis: -1})],
    ['Softmax over two axes', () => layers.softmax({axis: [1, 2]})],
    ['linear', () => layers.activation({activation: 'linear'})],
    ...ACTIVATION_NAMES.map((name): [string, () => Layer] => [
      name,
      () => layers.activation({activation: named(name)}),
    ]),
  ])('%s, whose pre is what others give', (_, build) => {
    const whole = chain([4, 3], layers.dense({units: 3, activation: 'relu'}), build(), build());
    for (const record of RECORDS) expectEstimate(whole, [[2, 4, 3]], {record});
    whole.dispose();
  });
});

const IMAGE = [4, 6, 2];
const SEQUENCE = [6, 2];

describe('layers that neither activate nor call others', () => {
  test.each<[string, number[], () => Layer]>([
    ['Flatten', IMAGE, () => layers.flatten()],
    ['Flatten channels first', IMAGE, () => layers.flatten({dataFormat: 'channelsFirst'})],
    ['Dropout', IMAGE, () => layers.dropout({rate: 0.5})],
    ['Dropout of nothing', IMAGE, () => layers.dropout({rate: 0})],
    ['Reshape', IMAGE, () => layers.reshape({targetShape: [6, null, 4]})],
    ['Permute', IMAGE, () => layers.permute({dims: [2, 1, 3]})],
    ['BatchNormalization', IMAGE, () => layers.batchNormalization()],
    ['LayerNormalization', IMAGE, () => layers.layerNormalization()],
    ['ZeroPadding2D', IMAGE, () => layers.zeroPadding2d({padding: [1, 2]})],
    ['Cropping2D', IMAGE, () => layers.cropping2D({cropping: [1, 2]})],
    ['UpSampling2D', IMAGE, () => layers.upSampling2d({size: [2, 3]})],
    ['MaxPooling2D', IMAGE, () => layers.maxPooling2d({poolSize: 2})],
    ['AveragePooling2D', IMAGE, () => layers.averagePooling2d({poolSize: 3, padding: 'same'})],
    ['GlobalAveragePooling2D', IMAGE, () => layers.globalAveragePooling2d({})],
    ['GlobalMaxPooling2D', IMAGE, () => layers.globalMaxPooling2d({})],
    ['GaussianNoise', IMAGE, () => layers.gaussianNoise({stddev: 1})],
    ['GaussianDropout', IMAGE, () => layers.gaussianDropout({rate: 0.5})],
    ['AlphaDropout', IMAGE, () => layers.alphaDropout({rate: 0.5})],
    ['Rescaling', IMAGE, () => layers.rescaling({scale: 2})],
    ['SpatialDropout1D', SEQUENCE, () => layers.spatialDropout1d({rate: 0.5})],
    ['MaxPooling1D', SEQUENCE, () => layers.maxPooling1d({poolSize: 2})],
    ['AveragePooling1D', SEQUENCE, () => layers.averagePooling1d({poolSize: 2})],
    ['GlobalAveragePooling1D', SEQUENCE, () => layers.globalAveragePooling1d()],
    ['GlobalMaxPooling1D', SEQUENCE, () => layers.globalMaxPooling1d()],
    ['Masking', SEQUENCE, () => layers.masking({maskValue: 0})],
    ['MaxPooling3D', [4, 4, 4, 2], () => layers.maxPooling3d({poolSize: 2})],
    ['AveragePooling3D', [4, 4, 4, 2], () => layers.averagePooling3d({poolSize: 2})],
    ['RepeatVector', [3], () => layers.repeatVector({n: 4})],
    ['Embedding', [3], () => layers.embedding({inputDim: 5, outputDim: 2})],
  ])('%s', (_, inputShape, build) => {
    const whole = chain(inputShape, layers.reLU(), build(), layers.reLU());
    for (const record of RECORDS) {
      expect(expectEstimate(whole, [[2, ...inputShape]], {record}).unknown).toEqual([]);
    }
    whole.dispose();
  });

  test.each<[string, () => Layer]>([
    ['Add', () => layers.add()],
    ['Multiply', () => layers.multiply()],
    ['Average', () => layers.average()],
    ['Maximum', () => layers.maximum()],
    ['Minimum', () => layers.minimum()],
    ['Concatenate', () => layers.concatenate()],
    ['Dot', () => layers.dot({axes: -1})],
  ])('%s of two', (_, build) => {
    const x = input({shape: [4]});
    const parts = [layers.reLU(), layers.dense({units: 4, activation: 'tanh'})];
    const both = parts.map((part) => part.apply(x) as SymbolicTensor);
    const merged = build().apply(both) as SymbolicTensor;
    const whole = model({inputs: x, outputs: layers.reLU().apply(merged) as SymbolicTensor});
    for (const record of RECORDS) {
      expect(expectEstimate(whole, [[2, 4]], {record}).unknown).toEqual([]);
    }
    whole.dispose();
  });
});

test('random models', () => {
  const scenarios = fc.record({
    plan: plansAndShapes,
    rows: fc.integer({min: 1, max: 9}),
    batchSize: fc.integer({min: 1, max: 10}),
    record: fc.constantFrom(...RECORDS),
    activations: fc.option(fc.constantFrom('relu', 'tanh'), {nil: undefined}),
    layers: fc.option(
      fc.constantFrom('**/Dense*', /model/, ({call}: {call: number}) => call === 1),
      {nil: undefined},
    ),
  });
  fc.assert(
    fc.property(scenarios, ({plan: {on, plan}, rows, batchSize, record, ...filters}) => {
      const kinds: readonly LayerKind[] = KINDS_BY_SHAPE[on];
      const built = buildPlan(plan, kinds);
      const options = {
        record,
        batchSize,
        ...(filters.layers && {layers: filters.layers}),
        ...(filters.activations && {activations: filters.activations}),
      };
      try {
        tf.tidy(() => {
          expectEstimate(built.model, [[rows, ...kinds[0]!.inputShape]], options);
        });
      } finally {
        built.dispose();
      }
    }),
    {numRuns: 80},
  );
});
