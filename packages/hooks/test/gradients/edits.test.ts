// Gradients of edited models: those of the edited values, by bumps after the edit and by central differences.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withCapture, withGradients} from '@tfjs-capture/hooks';
import type {EditsAt} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {expectByDifferences, expectClose, lossOf} from './compare-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

const net = sequential({
  layers: [
    layers.conv2d({
      name: 'conv',
      filters: 3,
      kernelSize: 2,
      activation: 'elu',
      inputShape: [4, 4, 2],
    }),
    layers.dense({name: 'dense', units: 4, activation: 'sigmoid'}),
    layers.flatten(),
    layers.dense({name: 'last', units: 2, activation: 'softmax'}),
  ],
});
setSeededWeights(net);
const x = seeded([2, 4, 4, 2], 3, 1);
const value = (): Scalar => lossOf(net.apply(x) as Tensor);
const NAMES = ['conv', 'dense', 'last'] as const;

const square = (given: Tensor): Tensor => tf.mul(given, tf.sub(given, 0.3));
const EDITS: Record<string, Record<string, EditsAt>> = {
  'a nonlinear edit before': {dense: {pre: square}},
  'a nonlinear edit after': {dense: {post: square}},
  'a nonlinear edit of the output': {conv: {output: square}},
  'edits everywhere': {'*': {pre: square, post: tf.tanh}},
  'a constant on its way': {conv: {pre: (given) => tf.mul(given, seeded(given.shape, 8, 1))}},
};

describe.each(Object.entries(EDITS))('%s', (_, edit) => {
  test.each(NAMES)('at %s', (name) => {
    tf.tidy(() => {
      const capture = withGradients(value, {edit});
      const pre = capture.pre(name);
      // An outer scope's edits come after those of the scope within.
      const valueAt = (bump: Tensor): Scalar =>
        withCapture(() => withCapture(value, {edit, record: []}).result, {
          edit: {[name]: (given) => tf.add(given, bump)},
          record: [],
        }).result;
      const gradient = capture.gradient(name);
      expectClose(name, gradient, tf.grad(valueAt)(tf.zeros(pre.shape)));
      expectByDifferences(name, gradient, pre, valueAt, {kinks: [0], tolerance: 0.03});
      expectClose('value', capture.value, withCapture(value, {edit, record: []}).result, 1e-4);
    });
  });
});

test('a constant in place of a value: its own gradient, and none upstream', () => {
  tf.tidy(() => {
    const constant = seeded([2, 3, 3, 4], 7, 1);
    const edit = {dense: () => constant};
    const capture = withGradients(value, {edit});
    const rest = (pre: Tensor) => {
      const flat = tf.reshape(tf.sigmoid(pre), [2, -1]);
      return lossOf(net.getLayer('last').apply(flat) as Tensor);
    };
    expectSameBits('pre', capture.pre('dense'), constant);
    expectClose('dense', capture.gradient('dense'), tf.grad(rest)(constant));
    expect(() => capture.gradient('conv')).toThrow(/no path leads .* are 'dense', 'last'\./s);
  });
});

test('a straight-through edit hands its gradient on', () => {
  tf.tidy(() => {
    const round = tf.customGrad((given) => ({
      value: tf.round(given as Tensor),
      gradFunc: (dy: Tensor) => dy,
    }));
    const capture = withGradients(value, {edit: {dense: (pre) => round(pre)}});
    const rest = (pre: Tensor) =>
      lossOf(net.getLayer('last').apply(tf.reshape(tf.sigmoid(pre), [2, -1])) as Tensor);
    expectClose('dense', capture.gradient('dense'), tf.grad(rest)(capture.pre('dense')));
    expect(
      capture
        .gradient('conv')
        .dataSync()
        .some((one) => one !== 0),
    ).toBe(true);
  });
});
