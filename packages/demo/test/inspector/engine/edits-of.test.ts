import {loadGraphModel} from '@tensorflow/tfjs-converter';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {editsOf} from '../../../inspector/engine/edits-of.js';
import {layoutOf} from '../../../inspector/engine/map-layout.js';
import {inputsOf} from '../../../inspector/engine/prepare-input.js';
import {runModel} from '../../../inspector/engine/run-model.js';
import type {CapturedPoint} from '../../../inspector/engine/run-model.js';
import type {LayerEdit} from '../../../inspector/protocol/run.js';
import {loadedOf} from './loaded.js';
import {SMALL_MODELS} from './small-models.js';

/** A run with edits, and one without. */
async function both(model: LayersModel, edits: readonly LayerEdit[]) {
  const inputs = inputsOf(loadedOf(model), {kind: 'noise', seed: 8});
  const plain = await runModel(model, inputs, [], () => undefined);
  const layouts = new Map(
    plain.points.map(({name, shape, channelAxis}) => [name, layoutOf(shape, channelAxis)]),
  );
  const edited = await runModel(model, inputs, editsOf(edits, layouts), () => undefined);
  tf.dispose(inputs);
  return {plain, edited};
}

const named = (points: readonly CapturedPoint[], name: string) =>
  points.find((point) => point.name === name)!;

const three = () =>
  sequential({
    layers: ['a', 'b', 'c'].map((name, index) =>
      layers.dense({
        name,
        units: 4,
        activation: 'sigmoid',
        inputShape: index === 0 ? [3] : [4],
        kernelInitializer: initializers.glorotNormal({seed: index + 1}),
      }),
    ),
  });

test.each([
  ['ablate', {kind: 'ablate'}, () => 0],
  ['scale', {kind: 'scale', factor: -2}, (value: number) => Math.fround(-2 * value)],
  [
    'clamp',
    {kind: 'clamp', min: 0.4, max: 0.5},
    (v: number) => Math.min(Math.max(v, Math.fround(0.4)), 0.5),
  ],
] as const)(
  '%s changes what comes out of the layer, and nothing upstream',
  async (_, change, expected) => {
    const model = three();
    for (const channels of [null, [1, 3]]) {
      const {plain, edited} = await both(model, [{name: 'b', channels, change}]);
      expect(named(edited.points, 'a')).toEqual(named(plain.points, 'a'));
      const [before, after] = [named(plain.points, 'b'), named(edited.points, 'b')];
      expect(after.pre).toEqual(before.pre);
      expect([...after.post]).toEqual(
        [...before.post].map((value, channel) =>
          channels === null || channels.includes(channel) ? expected(value) : value,
        ),
      );
      expect(named(edited.points, 'c').pre).not.toEqual(named(plain.points, 'c').pre);
      expect(edited.outputs[0]!.values).not.toEqual(plain.outputs[0]!.values);
    }
    model.dispose();
  },
);

test('channels are those of the layer, where they come first', async () => {
  const model = SMALL_MODELS['channels first']!();
  const edit: LayerEdit = {name: 'relu', channels: [2], change: {kind: 'ablate'}};
  const {plain, edited} = await both(model, [edit]);
  const [before, after] = [named(plain.points, 'relu'), named(edited.points, 'relu')];
  // [1, 4, 4, 5]
  expect([...after.post]).toEqual(
    [...before.post].map((value, index) => (Math.floor(index / 20) === 2 ? 0 : value)),
  );
  expect(after.post.some((value, index) => value !== before.post[index])).toBe(true);
  model.dispose();
});

test('names are no patterns', async () => {
  // tfjs-layers refuses such names, graphs have whatever somebody wrote.
  const names = ['b*', 'b1', '{b,c}', 'b?'];
  const model = await sigmoidsNamed(names);
  const x = tf.tensor2d([[1, 2]]);
  const plain = await runModel(model, [x], [], () => undefined);
  const layouts = new Map(names.map((name) => [name, layoutOf([1, 2], 1)]));
  for (const name of names) {
    const edits = editsOf([{name, channels: null, change: {kind: 'ablate'}}], layouts);
    const edited = await runModel(model, [x], edits, () => undefined);
    const changed = edited.points.filter(
      ({post}, index) => post[0] !== plain.points[index]!.post[0],
    );
    expect(changed.map((point) => point.name)).toEqual([name]);
  }
  model.dispose();
  x.dispose();
});

/** A graph of sigmoids, each of the input. */
function sigmoidsNamed(names: readonly string[]): Promise<GraphModel> {
  const tensor = {dtype: 'DT_FLOAT', tensorShape: {dim: [{size: '-1'}, {size: '2'}]}};
  const outputs = names.map((name) => [name, {name: `${name}:0`, ...tensor}]);
  return loadGraphModel(
    tf.io.fromMemory({
      modelTopology: {
        node: [
          {name: 'x', op: 'Placeholder', input: [], attr: {dtype: {type: 'DT_FLOAT'}}},
          ...names.map((name) => ({name, op: 'Sigmoid', input: ['x'], attr: {}})),
        ],
        versions: {producer: 0, minConsumer: 0},
      },
      weightSpecs: [],
      weightData: new ArrayBuffer(0),
      signature: {inputs: {x: {name: 'x:0', ...tensor}}, outputs: Object.fromEntries(outputs)},
    }),
  );
}

test('several edits of a layer are applied in order', async () => {
  const model = three();
  const {plain, edited} = await both(model, [
    {name: 'b', channels: null, change: {kind: 'scale', factor: 4}},
    {name: 'b', channels: [0], change: {kind: 'clamp', min: -Infinity, max: 1}},
  ]);
  const before = [...named(plain.points, 'b').post].map((value) => 4 * value);
  expect([...named(edited.points, 'b').post]).toEqual([
    Math.min(1, before[0]!),
    ...before.slice(1),
  ]);
  model.dispose();
});

test('an edit of no channels changes nothing', async () => {
  const model = three();
  const {plain, edited} = await both(model, [{name: 'b', channels: [], change: {kind: 'ablate'}}]);
  expect(edited.points).toEqual(plain.points);
  model.dispose();
});

describe('what cannot be done is said in a sentence', () => {
  const layouts = new Map([['a', layoutOf([1, 4], 1)]]);
  const edit = (given: Partial<LayerEdit>) => () =>
    editsOf([{name: 'a', channels: null, change: {kind: 'ablate'}, ...given}], layouts);

  test('a layer that is not there', () => {
    expect(edit({name: 'z'})).toThrow('An edit is of z, which has no activation in this model.');
  });
  test('a channel that is not there', () => {
    expect(edit({channels: [1, 4]})).toThrow('a has channels 0 to 3, got an edit of channel 4.');
  });
  test('a factor that is none', () => {
    expect(edit({change: {kind: 'scale', factor: NaN}})).toThrow('scaled by NaN');
  });
  test('a range that is none', () => {
    expect(edit({change: {kind: 'clamp', min: 2, max: 1}})).toThrow('clamped from 2 to 1');
    expect(edit({change: {kind: 'clamp', min: NaN, max: 1}})).toThrow('clamped from NaN to 1');
  });
});
