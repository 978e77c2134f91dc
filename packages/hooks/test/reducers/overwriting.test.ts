// Reduced pre-activations of convolutions are written over by what comes out of the activation: nobody sees it but by speed.
import {valuesInPlace} from '@tfjs-capture/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';

import {
  ablate,
  channelStats,
  firstNonFinite,
  histogram,
  stats,
  topK,
  withCapture,
} from '@tfjs-capture/hooks';
import type {CaptureOptions, Reducer} from '@tfjs-capture/hooks';
import {bitsKey, expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {buildGraphModel, seededWeight} from '../graph-models/graph-fixture.js';
import {expectChannelStatistics} from './expect-statistics.js';
import {expectedChannelStats, expectedTopK, observe, pick} from './float64-reference.js';
import {inTidy} from './small-models.js';

const onWasm = tf.getBackend() === 'wasm';

const convolution: Parameters<typeof layers.conv2d>[0] = {
  name: 'conv',
  filters: 4,
  kernelSize: 3,
  activation: 'relu',
  inputShape: [8, 8, 2],
};

function modelOf(...list: layers.Layer[]): LayersModel {
  const made = sequential({layers: list});
  setSeededWeights(made);
  return made;
}

/** With its activation as the last thing that is computed: its result is the model's, but for a copy in `predict`. */
const model = modelOf(layers.conv2d(convolution));
const x = seeded([3, 8, 8, 2], 1);
const apply = () => model.apply(x) as Tensor;

/** Where values lay that a reducer has read: an address in WASM's memory, which may grow, or an array of their own. */
type Places = unknown[];
const placeOf = ({buffer, byteOffset}: Float32Array): unknown => (onWasm ? byteOffset : buffer);
const areAt = (places: Places, tensor: Tensor): boolean =>
  places.includes(placeOf(valuesInPlace(tf.backend(), tensor)!));

interface Value {
  readonly values: () => Float32Array;
}

/** Tells where the values lay that it has read, one by one. */
function watched(places: Places): Reducer<unknown> {
  const reducer = stats() as Reducer<unknown> & {
    read(state: unknown, value: Value, at: unknown): void;
  };
  const read = (state: unknown, value: Value, at: unknown) => {
    places.push(placeOf(value.values()));
    reducer.read(state, value, at);
  };
  return {...reducer, read} as Reducer<unknown>;
}

/** Whether the result of `fn`, that of an activation, lies where its pre-activation was read. */
function isOverwritten(fn: () => Tensor, options: CaptureOptions = {}): boolean {
  const places: Places = [];
  return tf.tidy(() => {
    const {result} = withCapture(fn, {...options, reduce: watched(places)});
    expect(places).toHaveLength(1);
    return areAt(places, result);
  });
}

const fused = (activation: tf.fused.Activation, input: Tensor) =>
  tf.fused.conv2d({
    x: input as tf.Tensor4D,
    filter: seeded([3, 3, 2, 4], 5) as tf.Tensor4D,
    strides: 1,
    pad: 'same',
    bias: tf.tensor1d([0.5, -0.5, 0, 1]),
    activation,
  });

describe('written over are', () => {
  test('convolutions by layers, by operations, and by nodes, where WASM can write to them', async () => {
    expect(isOverwritten(apply)).toBe(onWasm);
    expect(isOverwritten(() => fused('relu', x))).toBe(onWasm);
    expect(isOverwritten(() => fused('relu6', x))).toBe(onWasm);
    const graph = await buildGraphModel({
      inputs: {x: [-1, 8, 8, 2]},
      outputs: ['conv'],
      weights: {w: seededWeight([3, 3, 2, 4], 1), b: seededWeight([4], 2)},
      nodes: [
        {
          name: 'conv',
          op: '_FusedConv2D',
          inputs: ['x', 'w', 'b'],
          attrs: {
            strides: [1, 1, 1, 1],
            padding: 'SAME',
            data_format: 'NHWC',
            dilations: [1, 1, 1, 1],
            num_args: 1,
            fused_ops: ['BiasAdd', 'Relu'],
          },
        },
      ],
    });
    expect(isOverwritten(() => graph.predict(x) as Tensor)).toBe(onWasm);
    graph.dispose();
  });

  test('with an outer scope that wants something else', () => {
    const outer = inTidy(() => withCapture(() => isOverwritten(apply), {layers: 'other'}));
    expect(outer.result).toBe(onWasm);
  });

  test('no others: of other activations, post-activations, slices, and what ends the pass', () => {
    expect(isOverwritten(() => fused('elu', x))).toBe(false);
    expect(isOverwritten(apply, {slice: (value) => tf.clone(value)})).toBe(false);
    const places: Places = [];
    tf.tidy(() => {
      const post = withCapture(apply, {record: ['post'], reduce: watched(places)});
      expect(areAt(places, post.result)).toBe(true);
      expect(post.get('conv').value).toEqual(
        withCapture(apply, {record: ['post'], reduce: stats()}).get('conv').value,
      );
    });
    const {result} = inTidy(() =>
      withCapture(apply, {reduce: stats(), layers: ['conv'], stopAfterLast: true}),
    );
    expect(result).toBeUndefined();
  });

  test('nor what an outer or inner scope records, too', () => {
    const plain = tf.tidy(() => bitsKey(withCapture(apply).pre('conv')));
    const places: Places = [];
    tf.tidy(() => {
      const outer = withCapture(() => withCapture(apply, {reduce: watched(places)}));
      expect(bitsKey(outer.pre('conv'))).toBe(plain);
      const inner = withCapture(() => withCapture(apply), {reduce: watched(places)});
      expect(bitsKey(inner.result.pre('conv'))).toBe(plain);
      const both = withCapture(() => withCapture(apply, {reduce: stats()}), {
        reduce: watched(places),
      });
      expect(both.get('conv').value).toEqual(both.result.get('conv').value);
      expect(places).toHaveLength(3);
    });
  });

  test('nor what is edited', () => {
    const edited = () => withCapture(apply, {edit: {conv: {pre: ablate([1])}}});
    tf.tidy(() => {
      const plain = observe(edited());
      const reduced = withCapture(apply, {
        edit: {conv: {pre: ablate([1])}},
        reduce: channelStats(),
      });
      expectSameBits('result', reduced.result, edited().result);
      const wanted = expectedChannelStats(pick([plain], 'conv', 0), 3);
      expectChannelStatistics(reduced.get('conv').value, wanted);
    });
  });

  test('nor in layers that may do more with it', () => {
    class Flattening extends layers.Layer {
      static readonly className = 'Flattening';
      override computeOutputShape() {
        return [null, 8 * 8 * 4];
      }
      override call(inputs: Tensor | Tensor[]): Tensor {
        const [first] = Array.isArray(inputs) ? inputs : [inputs];
        const y = fused('relu', first!);
        return tf.reshape(y, [3, -1]);
      }
    }
    const flat = new Flattening({name: 'flat'});
    const places: Places = [];
    tf.tidy(() => {
      const run = () => flat.apply(x) as Tensor;
      const plain = observe(withCapture(run));
      expect(plain.map(({shape}) => shape)).toEqual([[3, 8 * 8 * 4]]);
      const {result} = withCapture(run, {reduce: watched(places)});
      expect(places).toHaveLength(1);
      expect(areAt(places, result)).toBe(false);
      const reduced = withCapture(run, {reduce: channelStats()});
      const wanted = expectedChannelStats(pick([plain], 'flat', 0), 1);
      expectChannelStatistics(reduced.get('flat').value, wanted);
    });
  });
});

/** The prototype of the built-in layer: tfjs exports no class to extend. */
const Conv2D = layers.conv2d(convolution).constructor as new (
  args: Parameters<typeof layers.conv2d>[0],
) => layers.Layer;

test('a class that extends a convolution may reshape what that gives', () => {
  class Rows extends Conv2D {
    override call(inputs: Tensor | Tensor[], kwargs: Parameters<layers.Layer['call']>[1]): Tensor {
      return tf.reshape(super.call(inputs, kwargs) as Tensor, [3, 6, 24]);
    }
  }
  const rows = new Rows({...convolution, name: 'rows'});
  tf.tidy(() => {
    const run = () => rows.apply(x) as Tensor;
    const plain = observe(withCapture(run));
    expect(plain.map(({shape}) => shape)).toEqual([[3, 6, 24]]);
    const scopes = pick([plain], 'rows', 0);
    const reduced = withCapture(run, {reduce: channelStats()});
    expectChannelStatistics(reduced.get('rows').value, expectedChannelStats(scopes, 2));
    const best = withCapture(run, {reduce: topK({k: 2})});
    expect(best.get('rows').value).toEqual(expectedTopK(scopes, 2, 2));
  });
});

const REDUCERS: readonly (readonly [string, () => Reducer<unknown>])[] = [
  ['stats', stats],
  ['channelStats', channelStats],
  ['histogram', histogram],
  ['firstNonFinite', firstNonFinite],
  ['topK', () => topK({k: 2})],
];

describe.each(REDUCERS)('%s of convolutions in a row', (_, reducer) => {
  const deep = modelOf(
    layers.conv2d(convolution),
    layers.depthwiseConv2d({name: 'depthwise', kernelSize: 3, activation: 'relu6'}),
    layers.conv2d({name: 'last', filters: 3, kernelSize: 3, activation: 'relu'}),
  );
  const reducedOf = (input: Tensor, slice?: (value: Tensor) => Tensor) =>
    inTidy(() => {
      const options = {reduce: reducer(), ...(slice && {slice})};
      const capture = withCapture(() => deep.predict(input, {batchSize: 2}) as Tensor, options);
      expectSameBits('result', capture.result, deep.predict(input, {batchSize: 2}) as Tensor);
      return capture.names().map((name) => [name, capture.get(name).value]);
    });

  // A slice of everything has values reduced where they are kept.
  const whole = (value: Tensor) => tf.clone(value);

  test.each([
    ['seeded values', () => x],
    ['NaN among them', () => tf.where(tf.greater(x, 1.5), NaN, x)],
    ['values up to the largest', () => tf.mul(x, 1e38)],
  ])('is what it is of what is kept: %s', (_values, make) => {
    const input = tf.tidy(make);
    const reduced = reducedOf(input);
    expect(reduced).toHaveLength(3);
    expect(reduced).toEqual(reducedOf(input, whole));
    if (input !== x) input.dispose();
  });
});

test('a reducer of a user’s own gets tensors, whatever else it has', () => {
  const shapes: number[][] = [];
  const own = {
    kind: 'stats',
    read: () => undefined,
    init: () => null,
    step(_: null, {shape}: Tensor) {
      shapes.push(shape);
    },
    merge: () => null,
    finish: () => shapes.length,
  };
  const [first, other] = [own, stats()].map((reduce) =>
    inTidy(() => withCapture(apply, {reduce: reduce as Reducer<unknown>})),
  );
  expect(shapes).toEqual([[3, 6, 6, 4]]);
  expect(first!.get('conv').value).toBe(1);
  expect(() => first!.merge(other!)).toThrow('of a reducer of the same kind');
});

test('a reducer that throws leaves nothing behind', () => {
  const failing = (): Reducer<unknown> =>
    ({
      ...stats(),
      read() {
        throw new Error('cannot read');
      },
    }) as Reducer<unknown>;
  tf.dispose(apply());
  // The CPU backend's values are read once the layer is over.
  const before = footprint(model);
  for (let i = 0; i < 3; i++) {
    expect(() => withCapture(apply, {reduce: failing()})).toThrow('cannot read');
  }
  expect(footprint(model)).toEqual(before);
});
