// Several passes, calls and slots: gradients are joined and addressed as what they are the gradients of.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';

import {AmbiguousLayerError, NoGradientError, withGradients} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {expectClose, lossOf} from './compare-gradients.js';

const net = sequential({
  layers: [
    layers.dense({name: 'first', units: 4, activation: 'relu', inputShape: [3, 5]}),
    layers.dense({name: 'second', units: 2, activation: 'tanh'}),
  ],
});
setSeededWeights(net);
const rows = seeded([70, 3, 5], 4, 1);
const apply = (x: Tensor): Tensor => net.apply(x) as Tensor;

/** The gradient of `first`, split by hand. */
const byHand = (x: Tensor, value: (output: Tensor) => Scalar): Tensor => {
  const linear = layers.dense({name: 'linear', units: 4, inputShape: [3, 5]});
  linear.apply(x);
  linear.setWeights(net.getLayer('first').getWeights());
  const rest = (pre: Tensor) => value(net.getLayer('second').apply(tf.relu(pre)) as Tensor);
  return tf.grad(rest)(linear.apply(x) as Tensor);
};

test('predict on 70 rows: three passes, joined or one by one', () => {
  tf.tidy(() => {
    const capture = withGradients(() => lossOf(net.predict(rows) as Tensor));
    const joined = capture.gradient('first');
    expect(joined.shape).toEqual([70, 3, 4]);
    expect(joined.shape).toEqual(capture.pre('first').shape);
    expectClose('joined', joined, byHand(rows, lossOf));
    const parts = [0, 1, 2].map((pass) => capture.gradient('first', {pass}));
    expect(parts.map(({shape}) => shape[0])).toEqual([32, 32, 6]);
    expectSameBits('parts', tf.concat(parts), joined);
    expect(capture.gradient('first')).toBe(joined);
  });
});

test('a pass from which no path leads has zeros among the others', () => {
  tf.tidy(() => {
    const [a, b] = tf.split(rows, [40, 30]) as [Tensor, Tensor];
    const capture = withGradients(() => {
      apply(a);
      return lossOf(apply(b));
    });
    const gradient = capture.gradient('first');
    expect(gradient.shape).toEqual(capture.pre('first').shape);
    expectClose('joined', gradient, tf.concat([tf.zeros([40, 3, 4]), byHand(b, lossOf)]));
    expectClose('pass 1', capture.gradient('first', {pass: 1}), byHand(b, lossOf));
  });
});

test('no pass has a path', () => {
  tf.tidy(() => {
    const capture = withGradients(() => {
      apply(rows);
      return lossOf(rows);
    });
    expect(() => capture.gradient('first')).toThrow(NoGradientError);
    expect(() => capture.gradient('first')).toThrow(
      /^capture.gradient: no path leads .*, got \[70,3,4\]\. Those .* are none\.$/,
    );
  });
});

test('calls of a shared layer: one gradient each, asked for by its address', () => {
  tf.tidy(() => {
    const shared = layers.dense({name: 'shared', units: 3, activation: 'sigmoid'});
    const [x, y] = [input({shape: [3]}), input({shape: [3]})];
    const outputs = layers
      .multiply()
      .apply([shared.apply(x), shared.apply(y)] as SymbolicTensor[]) as SymbolicTensor;
    const siamese = model({inputs: [x, y], outputs});
    setSeededWeights(siamese);
    const [a, b] = [seeded([2, 3], 1), seeded([2, 3], 2)];
    const capture = withGradients(() => lossOf(siamese.apply([a, b]) as Tensor));
    expect(() => capture.gradient('shared')).toThrow(AmbiguousLayerError);
    const pres = [0, 1].map((call) => capture.pre('shared', {call})) as [Tensor, Tensor];
    const expected = tf.grads((p, q) => lossOf(tf.mul(tf.sigmoid(p), tf.sigmoid(q))))(pres);
    expected.forEach((gradient, call) => {
      expectSameBits(`call ${call}`, capture.gradient('shared', {call}), gradient);
      expectSameBits(`call ${call}`, capture.gradient(shared, {call}), gradient);
    });
  });
});

test('of post and output', () => {
  tf.tidy(() => {
    const capture = withGradients(() => lossOf(apply(rows)), {record: ['pre', 'post', 'output']});
    const ofOutput = (value: Tensor) => lossOf(net.getLayer('second').apply(value) as Tensor);
    const expected = tf.grad(ofOutput)(capture.output('first'));
    expectSameBits('post', capture.gradient('first', {of: 'post'}), expected);
    expectSameBits('output', capture.gradient('first', {of: 'output'}), expected);
    expectClose('pre', capture.gradient('first'), byHand(rows, lossOf));
  });
});
