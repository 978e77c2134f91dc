// Where NaN and Infinity come up first: the layer, the place, what went in, and which weights are to blame.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

import {findNonFinite, nameScope, withCapture} from '@tfjs-capture/hooks';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {loopGraph} from '../graph-models/control-flow-graphs.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import type {WeightSpec} from '../graph-models/graph-fixture.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';

const NAMES = ['conv', 'inner/swish_conv', 'inner/depthwise', 'dense', 'lstm/lstm', 'out'];

/** A new one each time: weights are spoilt. */
function net(): LayersModel {
  const image = input({shape: [4, 4, 2]});
  const inner = sequential({
    name: 'inner',
    layers: [
      layers.conv2d({
        name: 'swish_conv',
        filters: 3,
        kernelSize: 2,
        activation: 'swish',
        inputShape: [4, 4, 3],
      }),
      layers.depthwiseConv2d({name: 'depthwise', kernelSize: 2, activation: 'tanh'}),
    ],
  });
  let y = layers
    .conv2d({name: 'conv', filters: 3, kernelSize: 1, activation: 'relu'})
    .apply(image) as SymbolicTensor;
  y = inner.apply(y) as SymbolicTensor;
  y = layers.dense({name: 'dense', units: 3, activation: 'relu'}).apply(y) as SymbolicTensor;
  y = layers.reshape({targetShape: [4, 3]}).apply(y) as SymbolicTensor;
  y = layers.lstm({name: 'lstm', units: 2}).apply(y) as SymbolicTensor;
  y = layers.dense({name: 'out', units: 2, activation: 'softmax'}).apply(y) as SymbolicTensor;
  const made = model({inputs: image, outputs: y});
  setSeededWeights(made);
  return made;
}

const x = seeded([2, 4, 4, 2], 1);

/** Sets one value of a layer's weight. */
function plant(
  made: LayersModel,
  layer: string,
  weight: number,
  index: number,
  value: number,
): string {
  const inModel = layer.split('/')[0] === 'inner' ? (made.getLayer('inner') as LayersModel) : made;
  const found = inModel.getLayer(
    layer.startsWith('inner/') ? layer.slice(6) : layer.split('/')[0]!,
  );
  const weights = found.getWeights();
  const values = weights[weight]!.dataSync().slice();
  values[index] = value;
  found.setWeights(weights.map((old, i) => (i === weight ? tf.tensor(values, old.shape) : old)));
  return found.weights[weight]!.name;
}

test('a network whose values are all finite has none', () => {
  const made = net();
  const before = footprint(made);
  expect(findNonFinite(() => made.predict(x))).toBeNull();
  expect(footprint(made)).toEqual(before);
});

describe.each([NaN, Infinity, -Infinity])('%d in one weight', (value) => {
  test.each(NAMES)('of %s', async (name) => {
    const made = net();
    const weight = plant(made, name, 0, 1, value);
    const before = footprint(made);
    const run = (): unknown => made.predict(x);
    const found = findNonFinite(run)!;
    expect(found.name).toBe(name);
    expect(found.path).toEqual(name.split('/'));
    expect(found.weights).toEqual([{name: weight, count: 1}]);
    expect(found.input).toMatchObject({nan: 0, infinite: 0});
    const whole = withCapture(run, {layers: name});
    const values = whole.pre(name, {pass: 0, call: found.call, slot: found.slot}).dataSync();
    const bad = Array.from(values, (v, i) => ({v, i})).filter(({v}) => !Number.isFinite(v));
    expect(found.count).toBe(bad.length);
    expect(found.index).toBe(bad[0]!.i);
    expect(found.value).toBe(bad[0]!.v);
    expect(flat(found.position, found.shape)).toBe(found.index);
    expect(found.nan).toBe(bad.filter(({v}) => Number.isNaN(v)).length);
    tf.dispose(whole.result as Tensor);
    whole.dispose();
    expect(footprint(made)).toEqual(before);
    expect(await findNonFinite(async () => made.apply(x))).toEqual(found);
    expect(footprint(made)).toEqual(before);
  });
});

const flat = (position: readonly number[], shape: readonly number[]): number =>
  position.reduce((index, along, axis) => index * shape[axis]! + along, 0);

test('NaN in the input: no weight is to blame', () => {
  const made = net();
  const values = x.dataSync().slice();
  values[7] = NaN;
  const given = tf.tensor(values, x.shape);
  const found = findNonFinite(() => made.predict(given))!;
  expect(found).toMatchObject({name: 'conv', weights: [], input: {nan: 1, infinite: 0}});
  // Pixel 3 of the first image, which a convolution of size 1 leaves in its place.
  expect(found.position).toEqual([0, 0, 3, 0]);
});

test('a network that overflows: the layer in which single precision ends, and the range that led to it', () => {
  const deep = sequential();
  for (let i = 0; i < 6; i++) {
    deep.add(
      layers.dense({
        name: `layer${i}`,
        units: 4,
        activation: 'relu',
        useBias: false,
        ...(i === 0 && {inputShape: [4]}),
      }),
    );
  }
  // Each layer multiplies by 4e9: 4e9, 1.6e19, 6.4e28, 2.6e38, and then Infinity.
  for (const layer of deep.layers) layer.setWeights([tf.fill([4, 4], 1e9)]);
  const found = findNonFinite(() => deep.predict(tf.ones([1, 4])))!;
  expect(found).toMatchObject({name: 'layer4', value: Infinity, count: 4, nan: 0, weights: []});
  expect(found.input!.max / 2.56e38).toBeCloseTo(1, 5);
});

test('where to look can be told', () => {
  const made = net();
  plant(made, 'conv', 0, 0, NaN);
  const found = findNonFinite(() => made.predict(x), {layers: 'dense'})!;
  expect(found.name).toBe('dense');
  expect(found.input!.nan).toBeGreaterThan(0);
  expect(findNonFinite(() => made.predict(x), {activations: 'tanh'})!.name).toBe('inner/depthwise');
});

test('graph models, and their weights', async () => {
  const {weights, ...rest} = vggLikeGraph();
  const name = 'vgg19/block4_conv3/filter';
  const filter = weights![name] as {shape: number[]; values: ArrayLike<number>};
  const values = Array.from(filter.values, (value, i) => (i === 3 ? NaN : value));
  const spec = {...rest, weights: {...weights, [name]: {...filter, values}}};
  const graph = await buildGraphModel(spec);
  const image = seeded([2, 4, 4, 2], 2);
  const before = footprint(net());
  const found = findNonFinite(() => graph.execute(image))!;
  expect(found).toMatchObject({
    name: 'vgg19/block4_conv3/Relu',
    weights: [{name, count: 1}],
    input: {nan: 0, infinite: 0},
  });
  expect(await findNonFinite(async () => graph.executeAsync(image))).toEqual(found);
  expect(tf.memory().numTensors).toBe(before.memory[0]);
  graph.dispose();
});

test('in a loop it tells the iteration', async () => {
  const {functions, ...rest} = loopGraph('While', 6);
  const larger = Object.entries(functions!).map(([name, {weights = {}, ...body}]) => {
    const scaled = Object.entries(weights).map(([weight, spec]) => [weight, times1e13(spec)]);
    return [name, {...body, weights: Object.fromEntries(scaled) as typeof weights}];
  });
  const graph = await buildGraphModel({
    ...rest,
    functions: Object.fromEntries(larger) as typeof functions & object,
  });
  const given = seeded([2, 3], 5);
  const whole = await withCapture(async () => graph.executeAsync(given));
  const {name, call} = whole.records.find(
    ({pre}) => !pre!.dataSync().every((value) => Number.isFinite(value)),
  )!;
  // Each iteration multiplies by some 1e13: the fourth one is too much.
  expect(call).toBeGreaterThan(0);
  expect(await findNonFinite(async () => graph.executeAsync(given))).toMatchObject({name, call});
});

/** Of weights that are no counters. */
const times1e13 = (spec: WeightSpec): WeightSpec =>
  typeof spec === 'object' && spec.dtype !== 'int32'
    ? {...spec, values: Array.from(spec.values, (value) => value * 1e13)}
    : spec;

test('code outside layers', () => {
  const found = findNonFinite(() => nameScope('mine', () => tf.relu(tf.tensor1d([1, NaN]))));
  expect(found).toMatchObject({name: 'mine', count: 1, index: 1, position: [1], weights: []});
});

test('a thousand finds leave nothing', () => {
  const made = net();
  plant(made, 'dense', 0, 0, NaN);
  const before = footprint(made);
  for (let round = 0; round < 1000; round++) {
    expect(findNonFinite(() => made.apply(x))?.name).toBe('dense');
  }
  expect(footprint(made)).toEqual(before);
});

test('errors of the function go through, and wrong arguments are told', () => {
  const made = net();
  const before = footprint(made);
  const mine = new Error('mine');
  const failing = (): never => {
    made.predict(x);
    throw mine;
  };
  expect(() => tf.tidy(() => findNonFinite(failing) as never)).toThrow(mine);
  expect(footprint(made)).toEqual(before);
  expect(() => findNonFinite('predict' as never)).toThrow(
    'findNonFinite: the first argument must be',
  );
  expect(() => findNonFinite(failing, {layer: 'a'} as never)).toThrow('options are');
});
