// What goes wrong says so in the project's manner, and leaves nothing behind.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {
  CaptureArgumentError,
  CaptureDisposedError,
  LayerNotFoundError,
  NoGradientError,
  NotRecordedError,
  withGradients,
} from '@tfjs-capture/hooks';
import type {GradientOptions} from '@tfjs-capture/hooks';
import {errorOf} from '../error-of.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {expectNothingLeft, gradientFootprint} from './footprint-of-gradients.js';

const model = sequential({
  layers: [
    layers.dense({name: 'hidden', units: 4, activation: 'relu', inputShape: [3]}),
    layers.dense({name: 'last', units: 2, activation: 'softmax'}),
  ],
});
setSeededWeights(model);
const x = seeded([2, 3], 1);
const output = (): Tensor => model.apply(x) as Tensor;
const mean = (): Scalar => tf.mean(output());
// Kernels that need setting up have been by then.
withGradients(mean).dispose();

const SENTENCES = /^(withGradients|withCapture|capture(\.\w+)?): .+, got .+\. .+/s;

describe('what is no loss', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['a vector', () => tf.mean(output(), 0), /got float32 \[2\]/],
    ['a matrix of one', () => tf.reshape(mean(), [1, 1]), /got float32 \[1,1\]/],
    ['an int32', () => tf.scalar(1, 'int32'), /got int32 \[\]/],
    ['a bool', () => tf.scalar(true, 'bool'), /got bool \[\]/],
    ['a number', () => 3, /got 3/],
    ['nothing', () => void output(), /got undefined/],
    ['several', () => [mean(), mean()], /got an array/],
    ['a promise', async () => mean(), /got an object of class Promise/],
  ])('%s', async (_, fn, what) => {
    tf.tidy(() => {
      for (const options of [{}, {guidedRelu: true}]) {
        const before = gradientFootprint(model);
        let error!: Error;
        tf.tidy(() => void (error = errorOf(() => withGradients(fn as () => Scalar, options))));
        expect(error).toBeInstanceOf(CaptureArgumentError);
        expect(error.message).toMatch(SENTENCES);
        expect(error.message).toMatch(/^withGradients: fn must return a scalar/);
        expect(error.message).toMatch(what);
        expectNothingLeft(model, before);
      }
    });
  });

  test('a promise that is rejected later on is nobody else’s to handle', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const fails = async (): Promise<Scalar> => {
      await Promise.resolve();
      throw new Error('later');
    };
    expect(() => withGradients(fails as unknown as () => Scalar)).toThrow(CaptureArgumentError);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['a tensor', x],
    ['undefined', undefined],
  ])('a function that is %s', (_, fn) => {
    const error = errorOf(() => withGradients(fn as () => Scalar));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(SENTENCES);
  });
});

test.each<[string, unknown, RegExp]>([
  ['an unknown option', {guidedReLU: true}, /got 'guidedReLU'/],
  ['guidedRelu that is a number', {guidedRelu: 1}, /guidedRelu must be true or false, got 1/],
  ['null', null, /got null/],
  ['a string', 'hidden', /options must be an object, got 'hidden'/],
  ['a record of an unknown kind', {record: ['grad']}, /got 'grad'/],
])('options: %s', (_, options, what) => {
  const before = gradientFootprint(model);
  let ran = false;
  const fn = () => {
    ran = true;
    return mean();
  };
  const error = errorOf(() => withGradients(fn, options as GradientOptions));
  expect(error).toBeInstanceOf(CaptureArgumentError);
  expect(error.message).toMatch(SENTENCES);
  expect(error.message).toMatch(what);
  expect(ran).toBe(false);
  expectNothingLeft(model, before);
});

describe('gradients that are not there', () => {
  test('no path: those that have one are named', () => {
    tf.tidy(() => {
      const capture = withGradients(() =>
        tf.sum(model.getLayer('last').apply(output2()) as Tensor),
      );
      function output2(): Tensor {
        const hidden = model.getLayer('hidden').apply(x) as Tensor;
        // Cut off: what goes on is a constant.
        return tf.tensor(hidden.dataSync(), hidden.shape);
      }
      const error = errorOf(() => capture.gradient('hidden'));
      expect(error).toBeInstanceOf(NoGradientError);
      expect(error.message).toMatch(SENTENCES);
      expect(error.message).toMatch(/the 'pre' of 'hidden'.*got \[2,4\].*are 'last'\./s);
      expect(capture.gradient('last').shape).toEqual([2, 2]);
    });
  });

  test('a layer that is not there, one that was not recorded, one that is no name', () => {
    tf.tidy(() => {
      const capture = withGradients(mean, {layers: 'hidden'});
      const absent = errorOf(() => capture.gradient('hiden'));
      expect(absent).toBeInstanceOf(LayerNotFoundError);
      expect(absent.message).toMatch(/Did you mean 'hidden'\?/);
      expect(errorOf(() => capture.gradient('last')).message).toMatch(/ran but was not selected/);
      expect(errorOf(() => capture.gradient('hidden', {of: 'post'}))).toBeInstanceOf(
        NotRecordedError,
      );
      for (const error of [
        absent,
        errorOf(() => capture.gradient('hidden', {of: 'post'})),
        errorOf(() => capture.gradient('hidden', {of: 'input'} as object)),
        errorOf(() => capture.gradient('hidden', {step: 1} as object)),
        errorOf(() => capture.gradient('hidden', {call: 3})),
        errorOf(() => capture.gradient(7 as unknown as string)),
      ]) {
        expect(error.message).toMatch(SENTENCES);
      }
    });
  });

  test('after dispose', () => {
    const before = gradientFootprint(model);
    const capture = withGradients(mean, {record: ['pre', 'post', 'output']});
    capture.gradient('hidden');
    capture.dispose();
    capture.dispose();
    expect(errorOf(() => capture.gradient('hidden'))).toBeInstanceOf(CaptureDisposedError);
    expect(errorOf(() => capture.gradient('hidden')).message).toMatch(SENTENCES);
    expect(capture.memory()).toEqual({tensors: 0, bytes: 0});
    expect(capture.value.isDisposed).toBe(true);
    expectNothingLeft(model, before);
  });
});

test('what the capture holds: values, gradients and the scalar, each once', () => {
  const before = tf.memory().numTensors;
  const capture = withGradients(mean, {record: ['pre', 'post', 'output']});
  expect(capture.memory().tensors).toBe(tf.memory().numTensors - before);
  capture.gradient('hidden').dispose();
  expect(capture.memory().tensors).toBe(tf.memory().numTensors - before);
  capture.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
