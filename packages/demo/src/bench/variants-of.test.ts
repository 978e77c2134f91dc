import * as tf from '@tensorflow/tfjs-core';
import {input as symbolicInput, layers, model as layersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {captureAll} from './capture-variants.js';
import {compareValues, isSame} from './compare-values.js';
import {heldBy} from './held-memory.js';
import {buildLstm} from './lstm-model.js';
import type {Subject} from './variant.js';
import {variantsOf} from './variants-of.js';

/** A branch, fused activations, one that is a layer, and an output that is none. */
function branchedModel(): LayersModel {
  const image = symbolicInput({shape: [6, 6, 2]});
  const conv = (name: string, activation?: 'relu') =>
    layers.conv2d({
      name,
      filters: 3,
      kernelSize: 3,
      padding: 'same',
      ...(activation ? {activation} : {}),
    });
  const first = conv('first', 'relu').apply(image) as SymbolicTensor;
  const second = conv('second').apply(first) as SymbolicTensor;
  const third = layers.reLU({name: 'third', maxValue: 6}).apply(second) as SymbolicTensor;
  const sum = layers.add({name: 'sum'}).apply([first, third]);
  const flat = layers.flatten().apply(sum);
  const dense = layers.dense({name: 'dense', units: 4, activation: 'softmax'}).apply(flat);
  const outputs = layers.dense({name: 'last', units: 2}).apply(dense) as SymbolicTensor;
  return layersModel({inputs: image, outputs});
}

const subjects: Record<string, () => Subject> = {
  'a branched model': () => ({
    model: branchedModel(),
    input: tf.randomNormal([1, 6, 6, 2], 0, 3, 'float32', 1),
  }),
  'a recurrent model': () => ({
    model: buildLstm(),
    input: tf.randomNormal([1, 3, 64], 0, 1, 'float32', 1),
  }),
};

describe.each(Object.entries(subjects))('%s', (_, subjectOf) => {
  const subject = subjectOf();
  const reference = captureAll(subject);
  const {variants, missing} = variantsOf(subject, reference.names);

  test.each(variants.map((variant) => [variant.name, variant] as const))(
    '%s gets at the same values, and leaves nothing behind',
    async (_name, variant) => {
      const [comparison, {excess, left}] = await heldBy(variant, (got) =>
        compareValues(got, reference),
      );
      expect(isSame(comparison)).toBe(true);
      expect(excess ?? 0).toBe(0);
      expect(left).toBe(0);
      const {numTensors} = tf.memory();
      await variant.run();
      expect(tf.memory().numTensors).toBe(numTensors);
    },
  );

  test('has all variants, or says why not', () => {
    expect([...variants, ...missing]).toHaveLength(12);
  });
});

test('finds values that differ', () => {
  const pre = new Map([['layer', tf.tensor1d([1, 2])]]);
  const other = new Map([['layer', tf.tensor1d([1, 2.1])]]);
  const yielded = {pre, dispose: () => undefined};
  expect(isSame(compareValues(yielded, yielded))).toBe(true);
  expect(compareValues(yielded, {...yielded, pre: other})).toMatchObject({differing: 1, values: 2});
  expect(isSame(compareValues(yielded, {...yielded, pre: other}))).toBe(false);
  expect(isSame(compareValues(yielded, {...yielded, pre: new Map()}))).toBe(false);
});
