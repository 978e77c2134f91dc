// Who owns what, that nothing leaks, and that what happens around is not changed.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withGradients} from '@tfjs-capture/hooks';
import type {GradientOptions} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {lossOf} from './compare-gradients.js';
import {expectNothingLeft, gradientFootprint} from './footprint-of-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

const net = sequential({
  layers: [
    layers.conv2d({
      name: 'conv',
      filters: 2,
      kernelSize: 2,
      activation: 'relu',
      dataFormat: 'channelsFirst',
      inputShape: [2, 3, 3],
    }),
    layers.flatten(),
    layers.dense({name: 'swish', units: 3, activation: 'swish'}),
    layers.dense({name: 'last', units: 2, activation: 'softmax'}),
  ],
});
setSeededWeights(net);
const x = seeded([2, 2, 3, 3], 3, 1);
const apply = (): Tensor => net.apply(x) as Tensor;
const value = (): Scalar => lossOf(apply());
const everything: GradientOptions = {
  record: ['pre', 'post', 'output'],
  edit: {swish: (pre) => tf.mul(pre, pre)},
  guidedRelu: true,
};
withGradients(value, everything).dispose();

const mine = new Error('mine');
const failing: Record<string, () => Scalar> = {
  'in front': () => {
    throw mine;
  },
  forward: () => {
    tf.tidy(apply);
    apply();
    throw mine;
  },
  backward: () =>
    tf.tidy(() =>
      lossOf(
        tf.customGrad((y) => ({
          value: tf.square(y as Tensor),
          gradFunc: () => {
            throw mine;
          },
        }))(apply()),
      ),
    ),
  'for want of a gradient': () => {
    // Of no operation that tfjs can differentiate, between two that it can.
    const place = tf.cast(tf.greater(apply(), 0.5), 'float32');
    return tf.sum(tf.square(place));
  },
};

describe('nothing is left', () => {
  const rounds = (what: string): number => (what.endsWith('alone') ? 1000 : 100);

  test.each<[string, () => void]>([
    ['dispose alone', () => withGradients(value, everything).dispose()],
    ['an outer tidy alone', () => tf.tidy(() => void withGradients(value, everything))],
    [
      'both, and gradients that were read',
      () =>
        tf.tidy(() => {
          using capture = withGradients(() => lossOf(net.predict(x) as Tensor), everything);
          capture.gradient('conv');
          capture.gradient('last', {of: 'output'});
        }),
    ],
    [
      'within an outer tape',
      () =>
        tf
          .grad((input: Tensor) => {
            using capture = withGradients(() => lossOf(net.apply(input) as Tensor));
            return lossOf(capture.gradient('swish'));
          })(x)
          .dispose(),
    ],
    ...Object.entries(failing).map(([name, fn]): [string, () => void] => [
      `a failure ${name}`,
      () => {
        const options = name === 'forward' ? {...everything, guidedRelu: true} : {};
        expect(() => withGradients(fn, options)).toThrow();
      },
    ]),
  ])('%s', (what, run) => {
    run();
    const before = gradientFootprint(net);
    for (let round = 0; round < rounds(what); round++) run();
    expectNothingLeft(net, before);
  });

  test('the same error goes on', () => {
    for (const name of ['in front', 'forward', 'backward']) {
      let caught: unknown;
      try {
        withGradients(failing[name]!);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(mine);
    }
    expect(() => withGradients(failing['for want of a gradient']!)).toThrow(/Greater|gradient/);
  });
});

describe('what is the user’s stays the user’s', () => {
  test.each<[string, () => Tensor]>([
    ['made before', () => tf.scalar(2)],
    ['a variable', () => tf.variable(tf.scalar(2))],
  ])('a scalar %s', (_, make) => {
    const own = make();
    const capture = withGradients(() => {
      value();
      return own;
    });
    capture.dispose();
    expect(own.isDisposed).toBe(false);
    own.dispose();
  });

  test('a scalar that fn keeps, also when a gradient fails', () => {
    let own: Tensor | undefined;
    const before = tf.memory().numTensors;
    withGradients(() => (own = tf.keep(value()))).dispose();
    expect(own!.isDisposed).toBe(false);
    own!.dispose();
    expect(() => withGradients(() => (own = tf.keep(failing.backward!())))).toThrow(mine);
    expect(own!.isDisposed).toBe(false);
    own!.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('what a gradient function of the user’s hands out', () => {
    const gradient = tf.ones([2, 2]);
    const custom = tf.customGrad((y) => ({
      value: tf.sum(y as Tensor),
      gradFunc: () => gradient,
    }));
    const capture = withGradients(() => custom(apply()), {record: ['post']});
    expectSameBits('gradient', capture.gradient('last', {of: 'post'}), gradient);
    capture.dispose();
    expect(gradient.isDisposed).toBe(false);
    gradient.dispose();
  });

  test('a gradient that a tidy returns outlives it', () => {
    const gradient = tf.tidy(() => withGradients(value).gradient('conv'));
    expect(gradient.isDisposed).toBe(false);
    gradient.dispose();
  });
});

describe('around it nothing changes', () => {
  test('value and gradients of weights and input', () => {
    tf.tidy(() => {
      const variables = net.trainableWeights.map((w) => w.read()) as unknown as tf.Variable[];
      const plain = tf.variableGrads(value, variables);
      const around = tf.variableGrads(() => withGradients(value).value, variables);
      expectSameBits('value', around.value, plain.value);
      expect(Object.keys(around.grads)).toEqual(Object.keys(plain.grads));
      for (const [name, gradient] of Object.entries(plain.grads)) {
        expectSameBits(name, around.grads[name]!, gradient);
      }
      const loss = (input: Tensor): Scalar => lossOf(net.apply(input) as Tensor);
      const captured = (input: Tensor): Scalar => withGradients(() => loss(input)).value;
      expectSameBits('input', tf.grad(captured)(x), tf.grad(loss)(x));
    });
  });

  test('recorded integers, which have no gradients', () => {
    tf.tidy(() => {
      const model = sequential({
        layers: [
          layers.reshape({name: 'flat', targetShape: [4], inputShape: [2, 2], dtype: 'int32'}),
          layers.embedding({name: 'embedding', inputDim: 5, outputDim: 3}),
          layers.dense({name: 'd', units: 2, activation: 'relu'}),
        ],
      });
      setSeededWeights(model);
      const words = tf.tensor3d([0, 1, 2, 3, 4, 3, 2, 1], [2, 2, 2], 'int32');
      const run = () => lossOf(model.apply(words) as Tensor);
      const capture = withGradients(run, {record: ['pre', 'output']});
      expect(capture.output('flat').dtype).toBe('int32');
      const expected = tf.grad((pre: Tensor) => lossOf(tf.relu(pre)))(capture.pre('d'));
      expectSameBits('d', capture.gradient('d'), expected);
      expect(capture.gradient('embedding', {of: 'output'}).shape).toEqual([2, 4, 3]);
    });
  });
});
