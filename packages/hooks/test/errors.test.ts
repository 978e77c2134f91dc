import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

import {
  CaptureArgumentError,
  CaptureDisposedError,
  CaptureError,
  LayerNotFoundError,
  nameScope,
  NotRecordedError,
  withCapture,
} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {errorOf} from './error-of.js';
import {footprint} from './footprint.js';

const model = tfl.sequential({
  layers: [tfl.layers.dense({name: 'd', units: 2, activation: 'relu', inputShape: [2]})],
});
const x = tf.ones([1, 2]);
const predict = (): tf.Tensor => model.predict(x) as tf.Tensor;
predict().dispose();

/** Every message says where it comes from, what is wrong, what came, and what to do. */
const SENTENCES = /^(withCapture|capture(\.\w+)?|nameScope): .+, got .+\. .+/s;

describe('bad arguments', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /got undefined/],
    ['a tensor', x, /got an object of class Tensor/],
    ['a promise', Promise.resolve(1), /got an object of class Promise/],
  ])('fn is %s', (_, fn, what) => {
    const error = errorOf(() => withCapture(fn as () => tf.Tensor));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error).toBeInstanceOf(CaptureError);
    expect(error.message).toMatch(what);
    expect(error.message).toMatch(SENTENCES);
  });

  test.each<[string, unknown, RegExp]>([
    ['a filter that is a number', {layers: 3}, /layers must be a glob.*got 3/],
    ['a filter that is null', {layers: null}, /got null/],
    ['an array that holds an object', {layers: ['a', {}]}, /got an object of class Object/],
    ['a record that is a string', {record: 'pre'}, /record must be an array of .*, got 'pre'/],
    ['a record of an unknown kind', {record: ['pre', 'input']}, /got 'input'/],
    ['an activation that is a function', {activations: [tf.relu]}, /activations must be names/],
    ['an unknown option', {layer: 'd'}, /options are layers, .*got 'layer'/],
    ['options that are a string', 'd', /options must be an object, got 'd'/],
    ['options that are null', null, /options must be an object, got null/],
  ])('%s', (_, options, what) => {
    const before = footprint(model);
    let ran = false;
    const error = errorOf(() => withCapture(() => (ran = true), options as CaptureOptions));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(what);
    expect(error.message).toMatch(SENTENCES);
    expect(ran).toBe(false);
    expect(footprint(model)).toEqual(before);
  });

  test('names that are none', () => {
    expect(() => nameScope('', () => 1)).toThrow(CaptureArgumentError);
    expect(() => nameScope('a', 1 as unknown as () => 1)).toThrow(/must be a function, got 1/);
    expect(() => withCapture(() => nameScope('a', () => Promise.resolve(1)))).toThrow(
      /fn must be synchronous/,
    );
  });

  test('a layer that is neither name nor layer', () => {
    const capture = withCapture(predict);
    const error = errorOf(() => capture.pre(7 as unknown as string));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(SENTENCES);
  });

  test('an address with an unknown part', () => {
    const error = errorOf(() => withCapture(predict).pre('d', {step: 1} as object));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect(error.message).toMatch(/an address has pass, call and slot, got 'step'/);
  });

  test('a predicate that throws ends the scope with its own error', () => {
    const before = footprint(model);
    const mine = new Error('mine');
    const layers = (): boolean => {
      throw mine;
    };
    expect(errorOf(() => withCapture(predict, {layers}))).toBe(mine);
    expect(footprint(model)).toEqual(before);
  });
});

describe('bad look-ups', () => {
  test('a capture that has been disposed of', () => {
    const capture = withCapture(predict, {record: ['pre', 'post', 'output']});
    capture.dispose();
    const uses = [
      () => capture.pre('d'),
      () => capture.post('d'),
      () => capture.output('d'),
      () => capture.get('d'),
      () => capture.find('d'),
    ];
    for (const use of uses) {
      const error = errorOf(use);
      expect(error).toBeInstanceOf(CaptureDisposedError);
      expect(error.message).toMatch(SENTENCES);
    }
    expect(capture.memory()).toEqual({tensors: 0, bytes: 0});
    expect(capture.result.isDisposed).toBe(false);
  });

  test.each([
    ['pre', ['post'], "record: \\['post', 'pre'\\]"],
    ['post', ['pre'], "record: \\['pre', 'post'\\]"],
    ['output', ['pre'], "record: \\['pre', 'output'\\]"],
  ] as const)('%s where %p alone was recorded', (asked, record, remedy) => {
    const capture = withCapture(predict, {record});
    const error = errorOf(() => capture[asked]('d'));
    expect(error).toBeInstanceOf(NotRecordedError);
    expect(error.message).toMatch(new RegExp(remedy));
    expect(error.message).toMatch(SENTENCES);
  });

  test('a capture in which nothing ran', () => {
    const error = errorOf(() => withCapture(() => 1).pre('d'));
    expect(error).toBeInstanceOf(LayerNotFoundError);
    expect(error.message).toMatch(/no layer was captured/);
    expect(error.message).toMatch(SENTENCES);
  });

  test.each(['e', 'nothing/like/it', ''])('the name %p', (name) => {
    const error = errorOf(() => withCapture(predict).pre(name));
    expect(error).toBeInstanceOf(LayerNotFoundError);
    expect(error.name).toBe('LayerNotFoundError');
    expect(error.message).toMatch(SENTENCES);
  });
});
