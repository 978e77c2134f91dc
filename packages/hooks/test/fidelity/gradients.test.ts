// A loss on captured tensors has the gradient of the same loss written by hand, bit for bit.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import type {Capture, CaptureOptions} from '@tfjs-capture/hooks';
import {registerGradientKernels, withCapture} from '@tfjs-capture/hooks';
import {activate, ACTIVATION_NAMES, named} from './activation-functions.js';
import {expectSameBits} from './float-bits.js';
import {buildLayer, LAYER_KINDS} from './layer-kinds.js';
import type {LayerKind} from './layer-kinds.js';
import {seeded, setSeededWeights} from './seeded-values.js';

type Layer = layers.Layer;

const EVERYTHING: CaptureOptions = {record: ['pre', 'post', 'output']};

/** A loss whose gradient is different at each value. */
const lossOf = (tensor: Tensor): Scalar => tf.sum(tf.mul(tensor, tf.square(tensor)));

// WASM lacks the gradients of convolutions.
registerGradientKernels(globalThis.TFJS_BACKEND);

/** Layers that can be differentiated. */
const DIFFERENTIABLE = [
  'Dense',
  'Dense without bias',
  'Dense on rank 3',
  'Dense on rank 4',
  'Conv2D',
  'Conv2D without bias',
  'Conv2D channels first',
  'Conv1D',
  'DepthwiseConv2D',
];

/** The layer's operations up to its activation, with the layer's own variables. */
function preByHand(kind: LayerKind, layer: Layer, x: Tensor, activation: string): Tensor {
  const [kernel, bias] = layer.weights.map((weight) => weight.read());
  const fused = kind.fusing;
  if (fused && !fused.addsBias(activation, 'taped')) {
    return fused.otherwise(x, bias ? [kernel!, bias] : [kernel!]);
  }
  // With other activations Conv2D runs tfjs's fused operation, without an activation.
  if (kind.name.startsWith('Conv2D')) {
    const channelsFirst = kind.name.endsWith('channels first');
    const conv = tf.fused.conv2d({
      x: (channelsFirst ? tf.transpose(x, [0, 2, 3, 1]) : x) as Tensor4D,
      filter: kernel as Tensor4D,
      strides: 1,
      pad: 'valid',
      ...(bias && {bias}),
    });
    return channelsFirst ? tf.transpose(conv, [0, 3, 1, 2]) : conv;
  }
  const y =
    kind.name === 'Conv1D'
      ? tf.conv1d(x as tf.Tensor3D, kernel as tf.Tensor3D, 2, 'valid')
      : tf.depthwiseConv2d(x as Tensor4D, kernel as Tensor4D, 2, 'valid');
  return tf.add(y, tf.reshape(bias!, [...Array<number>(y.rank - 1).fill(1), bias!.size]));
}

/** The gradients of a loss with respect to x and to the layer's weights. */
function gradients(layer: Layer, x: Tensor, loss: (x: Tensor) => Scalar): Tensor[] {
  const {grads} = tf.variableGrads(() => loss(x));
  const ofWeights = layer.weights.map((weight) => grads[weight.name] ?? tf.scalar(NaN));
  return [tf.grad(loss)(x), ...ofWeights];
}

describe.each(DIFFERENTIABLE)('%s', (kindName) => {
  const kind = LAYER_KINDS.find(({name}) => name === kindName)!;

  describe.each(ACTIVATION_NAMES)('%s', (activation) => {
    test.each(['pre', 'post', 'both'] as const)('a loss on %s', (on) => {
      tf.tidy(() => {
        const layer = buildLayer(kind, 'layer', named(activation));
        const x = seeded([2, ...kind.inputShape], 3, 1);
        const total = (pre: Tensor, post: Tensor) => {
          if (on === 'pre') return lossOf(pre);
          return on === 'post' ? lossOf(post) : lossOf(tf.add(pre, tf.mul(2, post)));
        };
        const byHand = gradients(layer, x, (input) => {
          const pre = preByHand(kind, layer, input, activation);
          return total(pre, activate(activation, pre));
        });
        const captured = gradients(layer, x, (input) => {
          const {pre, post} = withCapture(() => layer.apply(input), EVERYTHING).get('layer');
          return total(pre!, post!);
        });
        captured.forEach((gradient, i) => {
          expectSameBits(i === 0 ? 'input' : `weight ${i - 1}`, gradient, byHand[i]!);
        });
        expect(byHand[0]!.dataSync().some((value) => value !== 0 && isFinite(value))).toBe(true);
      });
    });
  });
});

/** dense → relu layer → dense(swish) → PReLU → dense(softmax), all of which have their gradients on WASM. */
function buildModel() {
  const model = sequential({
    layers: [
      layers.dense({name: 'first', units: 4, inputShape: [3, 5]}),
      layers.reLU({name: 'relu', maxValue: 2}),
      layers.dense({name: 'second', units: 4, activation: named('swish')}),
      layers.prelu({name: 'prelu'}),
      layers.dense({name: 'third', units: 4, activation: 'relu'}),
      layers.dense({name: 'last', units: 3, activation: 'softmax'}),
    ],
  });
  setSeededWeights(model);
  return model;
}

/** The same, by hand: what goes into each activation, and the output. */
function runByHand(model: ReturnType<typeof buildModel>, x: Tensor) {
  const weightsOf = (name: string) =>
    model.getLayer(name).weights.map((weight) => weight.read()) as [tf.Tensor2D, Tensor];
  const rows = (tensor: Tensor) => tf.reshape<tf.Rank.R2>(tensor, [-1, tensor.shape.at(-1)!]);
  const inShape = (tensor: Tensor) => tf.reshape(tensor, [-1, 3, tensor.shape.at(-1)!]);
  const dense = (name: string, input: Tensor) => {
    const [kernel, bias] = weightsOf(name);
    return tf.add(inShape(tf.matMul(rows(input), kernel)), bias);
  };
  const [kernel, bias] = weightsOf('first');
  const relu = inShape(tf.fused.matMul({a: rows(x), b: kernel, bias}));
  const second = dense('second', tf.clipByValue(tf.relu(relu), 0, 2));
  const prelu = activate('swish', second);
  const third = dense('third', tf.prelu(prelu, weightsOf('prelu')[0]));
  const last = dense('last', tf.relu(third));
  return {pre: {relu, second, prelu, third, last}, output: activate('softmax', last)};
}

type Pres = ReturnType<typeof runByHand>['pre'];
const NAMES = ['relu', 'second', 'prelu', 'third', 'last'] as const;
const presOf = (capture: Capture<unknown>): Pres =>
  Object.fromEntries(NAMES.map((name) => [name, capture.pre(name)])) as Pres;
const perceptualLoss = (pre: Pres): Scalar =>
  tf.addN(NAMES.map((name, i) => tf.mul<Scalar>(lossOf(pre[name]), i + 1)));

function expectSameGradients(
  captured: ReturnType<typeof tf.variableGrads>,
  byHand: ReturnType<typeof tf.variableGrads>,
): void {
  expectSameBits('loss', captured.value, byHand.value);
  expect(Object.keys(captured.grads).sort()).toEqual(Object.keys(byHand.grads).sort());
  for (const [name, gradient] of Object.entries(byHand.grads)) {
    expectSameBits(name, captured.grads[name]!, gradient);
  }
}

/** Some models, of which one test's variables must not be another's. */
const variablesOf = (model: ReturnType<typeof buildModel>) =>
  model.weights.map((weight) => weight.read() as unknown as tf.Variable);

describe('a loss on every layer of a model', () => {
  const model = buildModel();
  const variables = variablesOf(model);
  const x = seeded([4, 3, 5], 3, 1);
  const byHand = (input: Tensor) => perceptualLoss(runByHand(model, input).pre);
  const captured = (input: Tensor) =>
    perceptualLoss(presOf(withCapture(() => model.apply(input), EVERYTHING)));

  test('grad of the input', () => {
    tf.tidy(() => expectSameBits('gradient', tf.grad(captured)(x), tf.grad(byHand)(x)));
  });

  test('variableGrads', () => {
    tf.tidy(() => {
      const expected = tf.variableGrads(() => byHand(x), variables);
      expectSameGradients(
        tf.variableGrads(() => captured(x), variables),
        expected,
      );
    });
  });

  test('through predict', () => {
    tf.tidy(() => {
      const predicted = (input: Tensor) =>
        perceptualLoss(presOf(withCapture(() => model.predict(input))));
      expectSameBits('gradient', tf.grad(predicted)(x), tf.grad(byHand)(x));
    });
  });

  test('passes that are joined', () => {
    tf.tidy(() => {
      const many = seeded([70, 3, 5], 5, 1);
      const parts = (input: Tensor) => tf.split(input, [32, 32, 6]);
      const joinedByHand = (input: Tensor) => {
        const passes = parts(input).map((part) => runByHand(model, part).pre);
        const joined = NAMES.map((name) => [name, tf.concat(passes.map((pre) => pre[name]))]);
        return perceptualLoss(Object.fromEntries(joined) as Pres);
      };
      const joined = (input: Tensor) =>
        perceptualLoss(
          presOf(withCapture(() => parts(input).forEach((part) => void model.apply(part)))),
        );
      expectSameBits('gradient', tf.grad(joined)(many), tf.grad(joinedByHand)(many));
    });
  });

  test('a capture inside a capture, in functions that differentiate', () => {
    tf.tidy(() => {
      const outer = withCapture(() => tf.grad((input) => perceptualLoss(nested(input)))(x), {
        record: ['pre', 'post'],
      });
      function nested(input: Tensor): Pres {
        const inner = () => withCapture(() => model.apply(input), {record: ['pre']});
        return presOf(withCapture(inner, EVERYTHING).result);
      }
      expectSameBits('gradient', outer.result, tf.grad(byHand)(x));
      expect(outer.names()).toEqual([...NAMES]);
    });
  });

  test('minimize', () => {
    tf.tidy(() => {
      const [trained, expected] = [buildModel(), buildModel()];
      const optimizers = [tf.train.adam(0.01), tf.train.adam(0.01)] as const;
      for (let step = 0; step < 3; step++) {
        const loss = optimizers[0].minimize(
          () => perceptualLoss(presOf(withCapture(() => trained.apply(x)))),
          true,
          variablesOf(trained),
        )!;
        const expectedLoss = optimizers[1].minimize(
          () => perceptualLoss(runByHand(expected, x).pre),
          true,
          variablesOf(expected),
        )!;
        expectSameBits('loss', loss, expectedLoss);
        trained
          .getWeights()
          .forEach((weight, i) => expectSameBits('weight', weight, expected.getWeights()[i]!));
      }
    });
  });
});
