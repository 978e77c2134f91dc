// NaN and ±Infinity in inputs, weights and biases. WASM's fused kernels clamp NaN to 0 under relu and
// relu6, so splitting one must not show in the result; and `pre` must show what that hides.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import {named} from './activation-functions.js';
import {expectSameBits} from './float-bits.js';
import {buildLayer, LAYER_KINDS, referencePre} from './layer-kinds.js';
import {onRoute, ROUTES} from './routes.js';
import {seeded, setSeededWeights} from './seeded-values.js';

const NON_FINITE = {NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity} as const;
const VALUES = Object.keys(NON_FINITE) as (keyof typeof NON_FINITE)[];

/** The same tensor with one value replaced. */
function plant(tensor: Tensor, value: number, at = tensor.size >> 1): Tensor {
  const values = tensor.dataSync<'float32'>().slice();
  values[at] = value;
  return tf.tensor(values, tensor.shape, 'float32');
}

const countNonFinite = (tensor: Tensor): number =>
  [...tensor.dataSync()].filter((value) => !Number.isFinite(value)).length;

describe.each(['Dense', 'Dense on rank 3', 'Conv2D', 'Conv2D 1x1', 'DepthwiseConv2D'])(
  '%s',
  (kindName) => {
    const kind = LAYER_KINDS.find(({name}) => name === kindName)!;

    describe.each(['relu', 'elu', 'relu6', 'sigmoid', 'swish'])('%s', (activation) => {
      describe.each(VALUES)('%s', (value) => {
        describe.each(['input', 'kernel', 'bias'] as const)('in the %s', (where) => {
          test.each(ROUTES)('%s', (route) => {
            onRoute(route, () => {
              const layer = buildLayer(kind, 'layer', named(activation));
              const [kernel, bias] = layer.getWeights() as [Tensor, Tensor];
              const bad = NON_FINITE[value];
              if (where === 'kernel') layer.setWeights([plant(kernel, bad), bias]);
              if (where === 'bias') layer.setWeights([kernel, plant(bias, bad)]);
              const clean = seeded([2, ...kind.inputShape], 3);
              const x = where === 'input' ? plant(clean, bad) : clean;
              const after = layers.dense({units: 2, activation: 'relu'});
              const whole = sequential({
                layers: [layers.inputLayer({inputShape: kind.inputShape}), layer, after],
              });
              setSeededWeights(after);
              const plain = whole.predict(x) as Tensor;
              const plainPost = layer.apply(x) as Tensor;
              const capture = withCapture(() => whole.predict(x) as Tensor, {
                record: ['pre', 'post'],
              });
              expectSameBits('result', capture.result, plain);
              expectSameBits('post', capture.post('layer'), plainPost);
              const pre = capture.pre('layer');
              expectSameBits('pre', pre, referencePre(kind, activation, layer, x, route));
              expect(countNonFinite(pre)).toBeGreaterThan(0);
            });
          });
        });
      });
    });
  },
);

const FUSED_ACTIVATIONS = ['relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu'] as const;
type Activation = (typeof FUSED_ACTIVATIONS)[number] | 'linear';
const CHANNELS = 4;

/** What tf.fused's functions need besides the activation's name. */
const parametersOf = (activation: Activation) => ({
  ...(activation === 'prelu' && {preluActivationWeights: seeded([CHANNELS], 31)}),
  ...(activation === 'leakyrelu' && {leakyreluAlpha: 0.3}),
});

interface FusedOp {
  readonly op: string;
  readonly kernel: string;
  readonly shapes: {readonly x: number[]; readonly weights: number[]};
  readonly run: (x: Tensor, weights: Tensor, bias: Tensor, activation: Activation) => Tensor;
}

const FUSED_OPS: readonly FusedOp[] = [
  {
    op: 'tf.fused.matMul',
    kernel: '_FusedMatMul',
    shapes: {x: [3, 5], weights: [5, CHANNELS]},
    run: (a, b, bias, activation) =>
      tf.fused.matMul({
        a,
        b: b,
        bias,
        activation,
        ...parametersOf(activation),
      }),
  },
  {
    op: 'tf.fused.conv2d',
    kernel: 'FusedConv2D',
    shapes: {x: [2, 5, 5, 3], weights: [3, 3, 3, CHANNELS]},
    run: (x, filter, bias, activation) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias,
        activation,
        ...parametersOf(activation),
      }),
  },
  {
    op: 'tf.fused.depthwiseConv2d',
    kernel: 'FusedDepthwiseConv2D',
    shapes: {x: [2, 5, 5, 2], weights: [3, 3, 2, 2]},
    run: (x, filter, bias, activation) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'valid',
        bias,
        activation,
        ...parametersOf(activation),
      }),
  },
];

test('NaN in any one of some values, however many there are', () => {
  for (let size = 1; size <= 9; size++) {
    for (let at = 0; at < size; at++) {
      tf.tidy(() => {
        const a = plant(tf.ones([size, 1]), NaN, at) as tf.Tensor2D;
        const run = () => tf.fused.matMul({a, b: tf.ones([1, 1]), activation: 'relu'});
        expectSameBits(`${at} of ${size}`, withCapture(run).result, run());
      });
    }
  }
});

const isWasm = globalThis.TFJS_BACKEND === 'wasm';

describe.each(FUSED_OPS)('$op', ({kernel, shapes, run}) => {
  describe.each(FUSED_ACTIVATIONS)('%s', (activation) => {
    const bias = seeded([CHANNELS], 37, 1);
    const x = seeded(shapes.x, 41);
    const weights = seeded(shapes.weights, 43, 1);

    function expectFaithful(x: Tensor, weights: Tensor, bias: Tensor): Tensor {
      const plain = run(x, weights, bias, activation);
      const capture = withCapture(() => run(x, weights, bias, activation), {
        record: ['pre', 'post'],
      });
      const [record, another] = capture.records;
      expect(another).toBeUndefined();
      expect(record).toMatchObject({name: '', activation, kernel, pass: 0, call: 0, slot: 0});
      expectSameBits('result', capture.result, plain);
      // Outside every layer a record has its kernel's shape, and the kernel of matMul has three dimensions.
      const inShape = (tensor: Tensor) => tf.reshape(tensor, plain.shape);
      expectSameBits('post', inShape(record!.post!), plain);
      expectSameBits('pre', inShape(record!.pre!), run(x, weights, bias, 'linear'));
      return record!.pre!;
    }

    test('finite', () => {
      tf.tidy(() => {
        expect(countNonFinite(expectFaithful(x, weights, bias))).toBe(0);
      });
    });

    describe.each(VALUES)('%s', (value) => {
      test.each(['input', 'filter', 'bias'])('in the %s', (where) => {
        tf.tidy(() => {
          const bad = NON_FINITE[value];
          const pre = expectFaithful(
            where === 'input' ? plant(x, bad) : x,
            where === 'filter' ? plant(weights, bad) : weights,
            where === 'bias' ? plant(bias, bad) : bias,
          );
          expect(countNonFinite(pre)).toBeGreaterThan(0);
        });
      });
    });

    test('NaN in any place', () => {
      for (let at = 0; at < x.size; at += kernel === '_FusedMatMul' ? 1 : 17) {
        tf.tidy(() => expectFaithful(plant(x, NaN, at), weights, bias));
      }
    });
  });
});

test(`the kernels of ${globalThis.TFJS_BACKEND} ${isWasm ? 'hide' : 'show'} NaN under a fused relu`, () => {
  tf.tidy(() => {
    const a = tf.tensor2d([[NaN, 1]]);
    const fused = tf.fused.matMul({a, b: tf.ones([2, 1]), activation: 'relu'});
    expect(Number.isNaN(fused.dataSync()[0])).toBe(!isWasm);
  });
});

describe('a value that only the fused kernel and the split one might treat differently', () => {
  // One input and one output channel: what goes into the activation is the input itself.
  const edges = [
    -0, 0, 6, 6.0000005, 5.9999995, 1e-45, -1e-45, 1.1754944e-38, 3.4028235e38, -3.4e38,
  ];

  test.each(FUSED_ACTIVATIONS)('%s', (activation) => {
    tf.tidy(() => {
      const x = tf.tensor4d(edges, [1, 1, edges.length, 1]);
      const bias = tf.tensor1d([-0]);
      const filter = tf.ones<tf.Rank.R4>([1, 1, 1, 1]);
      const parameters = {
        ...(activation === 'prelu' && {preluActivationWeights: tf.tensor1d([0.25])}),
        ...(activation === 'leakyrelu' && {leakyreluAlpha: 0.3}),
      };
      for (const run of [
        () => tf.fused.conv2d({x, filter, strides: 1, pad: 0, bias, activation, ...parameters}),
        () =>
          tf.fused.depthwiseConv2d({
            x,
            filter,
            strides: 1,
            pad: 0,
            bias,
            activation,
            ...parameters,
          }),
        () =>
          tf.fused.matMul({
            a: tf.reshape(x, [edges.length, 1]),
            b: tf.ones<tf.Rank.R2>([1, 1]),
            bias,
            activation,
            ...parameters,
          }),
      ]) {
        const plain = run();
        expectSameBits('result', withCapture(run).result, plain);
      }
    });
  });
});
