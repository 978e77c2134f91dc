import * as tf from '@tensorflow/tfjs-core';
import {input as symbolicInput, layers, model as layersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {smallGraph} from '../../test/small-graph.js';
import {captureAll} from './capture-variants.js';
import type {CaptureYielded} from './capture-variants.js';
import {compareValues, isSame} from './compare-values.js';
import {GRAPH_VARIANTS} from './graph-variants.js';
import {heldBy} from './held-memory.js';
import {buildLstm} from './lstm-model.js';
import {hookKey} from './variant.js';
import type {Subject, Variant} from './variant.js';
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
    expect([...variants, ...missing]).toHaveLength(18);
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

describe('a GraphModel', () => {
  let subject: Subject;
  let reference: CaptureYielded;
  let variants: Variant[];
  const named = (name: string) => variants.find((variant) => variant.name === name)!;

  beforeAll(async () => {
    subject = {model: await smallGraph(), input: tf.randomNormal([2, 4], 0, 3, 'float32', 1)};
    reference = captureAll(subject);
    ({variants} = variantsOf(subject, reference.names));
  });

  test('has the names of its activations alone', () => {
    expect([...reference.names].sort()).toEqual(['dense', 'gate', 'relu6']);
    expect(reference.output.size).toBe(7);
  });

  test('each variant gets at the same values, and leaves nothing behind', async () => {
    const warn = jest.spyOn(console, 'warn');
    const {numTensors} = tf.memory();
    for (const variant of variants) {
      const [comparison, {excess, left}] = await heldBy(variant, (got) =>
        compareValues(got, reference),
      );
      expect([variant.name, comparison]).toMatchObject([
        variant.name,
        {differing: 0, unmatched: 0},
      ]);
      expect([variant.name, excess ?? 0, left]).toEqual([variant.name, 0, 0]);
      const undo = variant.prepare?.();
      await variant.run();
      undo?.();
      expect([variant.name, tf.memory().numTensors]).toEqual([variant.name, numTensors]);
    }
    expect(warn).not.toHaveBeenCalled();
    expect(variants).toHaveLength(16);
  });

  test('both ways to every output get at as much', async () => {
    const everyOutput = await named(GRAPH_VARIANTS.everyOutput).yield();
    const kept = await named(GRAPH_VARIANTS.keepIntermediate).yield();
    expect([...kept.output!.keys()].sort()).toEqual([...reference.output.keys()].sort());
    expect(everyOutput.output!.size).toBe(reference.output.size);
    // 'dense' is fused: what goes into its ReLU is no node's output.
    expect([...kept.pre!.keys()].sort()).toEqual(['gate', 'relu6'].map((name) => hookKey(name)));
    expect([...kept.post!.keys()].sort()).toEqual([...reference.pre.keys()].sort());
    everyOutput.dispose();
    kept.dispose();
  });

  test('the flag is on for the timed calls alone', () => {
    const undo = named(GRAPH_VARIANTS.keepIntermediate).prepare!();
    expect(tf.env().getBool('KEEP_INTERMEDIATE_TENSORS')).toBe(true);
    undo();
    expect(tf.env().getBool('KEEP_INTERMEDIATE_TENSORS')).toBe(false);
  });
});

test('data that tensors share is not in excess of them', async () => {
  const x = tf.tensor1d([1, 2, 3]);
  const variant = (copies: number): Variant => ({
    name: '',
    isBudgeted: true,
    run: () => undefined,
    yield: () => {
      const tensors = Array.from({length: copies}, () => tf.reshape(x, [3, 1]));
      const output = new Map(tensors.map((tensor, index) => [String(index), tensor]));
      const dispose = () => tf.dispose(tensors);
      return {output, results: [tensors[0]!], captured: {tensors: copies, bytes: 12}, dispose};
    },
  });
  const [, held] = await heldBy(variant(3), () => null);
  expect(held).toEqual({tensors: 3, bytes: 36, excess: 0, left: 0});
  x.dispose();
});
