// Estimates of whole models, of what nobody knows, and of what is wrong.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, Shape, SymbolicTensor} from '@tensorflow/tfjs-layers';

import {CaptureArgumentError} from '@tfjs-capture/hooks';
import {estimate} from '../../src/estimate.js';
import type {EstimateOptions} from '../../src/estimate.js';
import {errorOf} from '../error-of.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';
import {chain, expectEstimate, quietly, RECORDS} from './compare-with-capture.js';

type Layer = layers.Layer;

const dense = (name: string, activation?: 'relu' | 'tanh', units = 4): Layer =>
  layers.dense({name, units, ...(activation && {activation})});
const conv = (name: string, filters = 3): Layer =>
  layers.conv2d({name, filters, kernelSize: 3, padding: 'same', activation: 'relu'});
const apply = (layer: Layer, ...xs: SymbolicTensor[]): SymbolicTensor =>
  layer.apply(xs) as SymbolicTensor;

test.each(RECORDS.map((record) => [record.join(), record] as const))(
  'nested models, one used twice, with inputs and outputs of its own: %s',
  (_, record) => {
    const [left, right] = [input({shape: [4]}), input({shape: [4]})];
    const two = model({
      name: 'two',
      inputs: [left, right],
      outputs: [
        apply(dense('sum', 'relu'), apply(layers.add(), left, right)),
        apply(dense('b', 'tanh'), right),
      ],
    });
    const [x, y] = [input({shape: [4]}), input({shape: [2, 2]})];
    const inner = sequential({
      name: 'inner',
      layers: [
        layers.inputLayer({inputShape: [4]}),
        dense('c', 'relu'),
        layers.dropout({rate: 0.5}),
      ],
    });
    const [first, second] = two.apply([x, apply(layers.flatten(), y)]) as [
      SymbolicTensor,
      SymbolicTensor,
    ];
    const again = two.apply([second, apply(inner, first)]) as SymbolicTensor[];
    const whole = model({
      inputs: [x, y],
      outputs: again.map((one) => apply(layers.softmax({axis: -1}), one)),
    });
    expectEstimate(
      whole,
      [
        [5, 4],
        [5, 2, 2],
      ],
      {record, batchSize: 2},
    );
  },
);

test('a Sequential that nobody has built, and one that begins with a model', () => {
  const inner = sequential({
    name: 'inner',
    layers: [layers.dense({name: 'a', units: 4, activation: 'relu', inputShape: [4]})],
  });
  const outer = sequential({name: 'outer'});
  outer.add(inner);
  outer.add(dense('b', 'relu'));
  const {hookPoints} = quietly(() => estimate(outer, [2, 4]));
  expect(hookPoints.map(({name}) => name)).toEqual(['a', 'b']);
  expectEstimate(outer, [[2, 4]], {record: ['pre', 'post', 'output']});
});

test('a layer that is used on images of two sizes has a row for each', () => {
  const shared = conv('shared');
  const x = input({shape: [null, null, 3]});
  const half = apply(layers.maxPooling2d({poolSize: 2}), apply(shared, x));
  const whole = model({inputs: x, outputs: apply(shared, half)});
  const {hookPoints, bytes} = expectEstimate(whole, [[3, 6, 8, 3]], {batchSize: 2});
  expect(hookPoints.map(({shape, calls, count}) => [shape, calls, count])).toEqual([
    [[3, 6, 8, 3], 1, 2],
    [[3, 3, 4, 3], 1, 2],
  ]);
  expect(bytes).toBe(4 * 3 * 3 * (6 * 8 + 3 * 4));
});

test('two activations of one value hold it once', () => {
  const x = input({shape: [4]});
  const value = apply(dense('a'), x);
  const outputs = [layers.reLU(), layers.activation({activation: 'tanh'})].map((layer) =>
    apply(layer, value),
  );
  const {hookPoints, bytes} = expectEstimate(model({inputs: x, outputs}), [[2, 4]], {});
  expect(hookPoints.map((row) => row.bytes)).toEqual([32, 32]);
  expect(bytes).toBe(32);
});

test.each<[string, EstimateOptions]>([
  ['a glob', {layers: 'encoder/**'}],
  ['a RegExp', {layers: /1$/g}],
  ['a predicate on the kernel', {layers: ({kernel}) => kernel === 'FusedConv2D'}],
  ['a predicate on the pass', {layers: ({pass}) => pass === 1}],
  ['nothing', {layers: []}],
  ['activations', {activations: ['tanh', 'softmax']}],
  ['activations, with outputs', {activations: 'tanh', record: ['output', 'pre']}],
])('the same filters as in a capture: %s', (_, options) => {
  const encoder = chain(
    [4, 4, 3],
    conv('conv1'),
    conv('conv2'),
    layers.activation({activation: 'tanh', name: 'act1'}),
  );
  encoder.name = 'encoder';
  const whole = chain(
    [4, 4, 3],
    encoder,
    conv('conv1'),
    layers.flatten(),
    layers.softmax({axis: -1}),
  );
  expectEstimate(whole, [[5, 4, 4, 3]], {batchSize: 2, ...options});
});

test('behind a mask, pre-activations', () => {
  const whole = chain(
    [5, 3],
    layers.masking({maskValue: 0}),
    layers.lstm({units: 2, returnSequences: true}),
    layers.gru({units: 3}),
    layers.reLU(),
  );
  expectEstimate(whole, [[2, 5, 3]], {});
});

class Activating extends layers.Layer {
  static readonly className: string = 'EstimatedActivating';
  readonly activation = {apply: (x: Tensor) => tf.relu(x), getClassName: () => 'relu'};
  override computeOutputShape([rows]: Shape): Shape {
    return [rows!, 2];
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.tidy(() => this.activation.apply(tf.slice([inputs].flat()[0]!, [0, 0], [-1, 2])));
  }
}

class Secretive extends layers.Layer {
  static readonly className: string = 'EstimatedSecretive';
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.tidy(() => tf.relu(tf.tanh([inputs].flat()[0]!)));
  }
}

test("a user's layer with an activation applies it to its output", () => {
  const whole = chain([4], new Activating({name: 'own'}), dense('d', 'tanh'));
  for (const record of RECORDS) {
    expect(expectEstimate(whole, [[3, 4]], {record}).unknown).toEqual([]);
  }
});

test("a user's other layers are said to be unknown, and cells are", () => {
  const inner = chain([4], new Secretive({name: 'secretive'}), dense('a', 'relu'));
  inner.name = 'inner';
  const whole = chain([4], inner, dense('b', 'tanh'));
  const {hookPoints, unknown} = quietly(() => estimate(whole, [3, 4], {record: ['pre', 'output']}));
  expect(unknown).toEqual(['inner/secretive']);
  expect(hookPoints.map(({name, activation}) => [name, activation])).toEqual([
    ['inner/secretive', null],
    ['inner/a', 'relu'],
    ['inner', null],
    ['b', 'tanh'],
  ]);
  class Cell extends layers.Layer {
    static readonly className: string = 'EstimatedCell';
    readonly stateSize = 4;
    override call([x]: Tensor[]): Tensor[] {
      return [x!, x!];
    }
  }
  const rnn = layers.rnn({name: 'rnn', cell: new Cell({name: 'cell'}) as never});
  expect(quietly(() => estimate(chain([3, 4], rnn), [1, 3, 4])).unknown).toEqual(['rnn/cell']);
});

test('a table', () => {
  const whole = chain(
    [3, 4],
    layers.gru({name: 'g', units: 2, returnSequences: true}),
    dense('d', 'relu', 3),
  );
  expect(estimate(whole, [70, 3, 4]).table()).toBe(
    [
      'name        activation   shape       calls  bytes',
      'g/g         hardSigmoid  [70, 2]         3   1680',
      'g/g slot 1  hardSigmoid  [70, 2]         3   1680',
      'g/g slot 2  tanh         [70, 2]         3   1680',
      'd           relu         [70, 3, 3]      1   2520',
    ].join('\n'),
  );
});

describe('what is wrong', () => {
  const whole = chain([null, null, 3], conv('conv'), layers.reLU());
  const [a, b] = [input({shape: [4]}), input({shape: [4]})];
  const two = model({inputs: [a, b], outputs: apply(layers.add(), a, b)});

  test.each<[string, LayersModel, unknown, RegExp]>([
    ['too few dimensions', whole, [4, 4, 3], /inputs, \[any,any,any,3\], .*got \[4,4,3\]/],
    ['another number of channels', whole, [1, 4, 4, 2], /got \[1,4,4,2\]/],
    ['no rows', whole, [0, 4, 4, 3], /got \[0,4,4,3\]/],
    ['what is open', whole, [null, 4, 4, 3], /got \[any,4,4,3\]/],
    ['too few inputs', two, [2, 4], /inputs, \[any,4\] and \[any,4\], .*got \[2,4\]/],
    [
      'other rows',
      two,
      [
        [2, 4],
        [3, 4],
      ],
      /got \[2,4\] and \[3,4\]/,
    ],
    ['shapes and a number', two, [[2, 4], 3], /got \[2,4,3\]/],
    ['no array', whole, 3, /inputShape must be an array, got 3/],
  ])('%s', (_, of, shape, what) => {
    const error = errorOf(() => estimate(of, shape as number[]));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(what);
    expect(error.message).toMatch(/^estimate: .+, got .+\. .+/);
  });

  test('an image of another size than the weights behind it', () => {
    const x = input({shape: [null, null, 3]});
    const flat = apply(layers.reshape({targetShape: [12]}), x);
    const fixed = model({inputs: x, outputs: apply(dense('d', 'relu'), flat)});
    expectEstimate(fixed, [[2, 2, 2, 3]], {});
    const error = errorOf(() => estimate(fixed, [2, 3, 3, 3]));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(/^estimate: .*got \[2,3,3,3\] at 'reshape.*unchanged/);
  });

  test('two branches that do not meet', () => {
    const x = input({shape: [null, 3]});
    const pooled = apply(layers.maxPooling1d({poolSize: 2, padding: 'same'}), x);
    const d = apply(layers.dense({units: 3, name: 'wide'}), pooled);
    const merged = model({inputs: x, outputs: apply(layers.add(), x, d)});
    expect(errorOf(() => estimate(merged, [1, 5, 3])).message).toMatch(
      /\[1,5,3\], \[1,3,3\] at 'add/,
    );
  });

  test.each<[string, unknown, RegExp]>([
    ['a batch of nothing', {batchSize: 0}, /batchSize must be a positive integer, got 0/],
    ['a filter', {layers: 3}, /layers must be .* got 3/],
    ['a kind of record', {record: ['input']}, /got 'input'/],
    ['an unknown option', {layer: 'd'}, /got 'layer'/],
    ['no options', 'd', /options must be an object, got 'd'/],
  ])('%s', (_, options, what) => {
    const error = errorOf(() => estimate(whole, [1, 4, 4, 3], options as EstimateOptions));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(/^estimate: .+, got .+\. .+/);
    expect(error.message).toMatch(what);
  });

  test('no LayersModel', async () => {
    const graph = (await buildGraphModel(vggLikeGraph())) as unknown as LayersModel;
    const error = errorOf(() => estimate(graph, [1, 4, 4, 2]));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(/no shapes before they run, got .*GraphModel.*reduce/);
    graph.dispose();
    for (const wrong of [null, 'model', dense('d')]) {
      expect(errorOf(() => estimate(wrong as LayersModel, [1]))).toBeInstanceOf(
        CaptureArgumentError,
      );
    }
  });
});
