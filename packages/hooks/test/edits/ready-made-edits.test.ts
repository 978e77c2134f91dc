// What the ready-made edits compute, what they refuse, and that all of them are differentiable.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {
  ablate,
  addVector,
  CaptureArgumentError,
  CaptureDisposedError,
  clampTo,
  LayerNotFoundError,
  NotRecordedError,
  replaceWith,
  scaleBy,
  withCapture,
} from '@tfjs-capture/hooks';
import type {EditFunction, EditPoint} from '@tfjs-capture/hooks';
import {download, expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';

const AT: EditPoint = {
  name: 'layer',
  path: ['layer'],
  activation: 'relu',
  kernel: 'Relu',
  pass: 0,
  call: 0,
  slot: 0,
  kind: 'pre',
};

/** What an edit makes of values. */
const edited = (edit: EditFunction, values: number[], shape: number[]): Float32Array =>
  tf.tidy(() => edit(tf.tensor(values, shape), AT)!.dataSync().slice()) as Float32Array;

/** All numbers but -0 as themselves: what matters of 0 is that it is none of the others. */
const numbers = (values: Float32Array): number[] => Array.from(values, (value) => value + 0);

const ODD = [NaN, Infinity, -Infinity, 0.3, -2, 7];

describe('values', () => {
  test.each<[string, EditFunction, number[]]>([
    ['ablate', ablate(), [0, 0, 0, 0, 0, 0]],
    ['ablate units', ablate([0, 2]), [0, Infinity, 0, 0, -2, 0]],
    ['ablate one unit', ablate(1), [NaN, 0, -Infinity, 0.3, 0, 7]],
    ['ablate none', ablate([]), ODD],
    ['ablate of another axis', ablate([0], {axis: 0}), [0, 0, 0, 0.3, -2, 7]],
    [
      'ablate of an axis from the end',
      ablate([1], {axis: -2}),
      [NaN, Infinity, -Infinity, 0, 0, 0],
    ],
    ['scaleBy', scaleBy(-2), [NaN, -Infinity, Infinity, Math.fround(-0.6), 4, -14]],
    ['scaleBy units', scaleBy(0, {units: [1]}), [NaN, NaN, -Infinity, 0.3, 0, 7].map(Math.fround)],
    ['clampTo units', clampTo(-1, 1, {units: [1, 2]}), [NaN, 1, -1, Math.fround(0.3), -1, 1]],
    ['clampTo from below', clampTo(0, Infinity, {units: [1, 2]}), [NaN, Infinity, 0, 0.3, 0, 7]],
    ['clampTo one number', clampTo(2, 2, {units: [2]}), [NaN, Infinity, 2, 0.3, -2, 2]],
    ['addVector', addVector([1, 2, 3]), [NaN, Infinity, -Infinity, 1.3, 0, 10]],
    ['addVector scaled', addVector([1, 2, 3], -2), [NaN, Infinity, -Infinity, -1.7, -6, 1]],
  ])('%s', (_, edit, expected) => {
    expect(numbers(edited(edit, ODD, [2, 3]))).toEqual(numbers(Float32Array.from(expected)));
  });

  test('what is not named keeps its bits, -0 and NaN included', () => {
    const values = [-0, NaN, 1e-45, -0, 3, Infinity];
    for (const edit of [ablate([2]), scaleBy(3, {units: [2]}), clampTo(-9, 9, {units: 2})]) {
      const got = edited(edit, values, [2, 3]);
      [0, 1, 3, 4].forEach((i) => expect(Object.is(got[i], Math.fround(values[i]!))).toBe(true));
    }
  });

  test('channels first, and ranks from 1 to 5', () => {
    tf.tidy(() => {
      const x = seeded([2, 3, 4, 5], 3);
      const mask = tf.tensor([1, 0, 1], [1, 3, 1, 1]);
      expectSameBits(
        'axis 1',
        tf.add(ablate([1], {axis: 1})(x, AT)!, 0),
        tf.add(tf.mul(x, mask), 0),
      );
      for (let rank = 1; rank <= 5; rank++) {
        const y = seeded(Array<number>(rank).fill(2), rank);
        const got = ablate(1)(y, AT)!;
        expect(got.shape).toEqual(y.shape);
        expect(
          got
            .dataSync()
            .filter((_, i) => i % 2 === 1)
            .every((value) => value === 0),
        ).toBe(true);
      }
    });
  });

  test('the tensors of addVector and replaceWith stay their owner’s', () => {
    const v = tf.tensor1d([1, 2, 3]);
    const whole = tf.ones([2, 3]);
    edited(addVector(v), ODD, [2, 3]);
    expect([...edited(replaceWith(whole), ODD, [2, 3])]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([v.isDisposed, whole.isDisposed]).toEqual([false, false]);
    v.dispose();
    whole.dispose();
  });
});

describe('gradients', () => {
  const x = seeded([2, 3], 5, 1);
  const weigh = (y: Tensor): tf.Scalar => tf.sum(tf.mul(tf.square(y), tf.range(1, 4)));

  test.each<[string, EditFunction, (value: number, unit: number) => number]>([
    ['ablate', ablate(), () => 0],
    ['ablate units', ablate([1]), (value, unit) => (unit === 1 ? 0 : value)],
    ['scaleBy', scaleBy(3), (value) => 9 * value],
    ['scaleBy units', scaleBy(3, {units: 2}), (value, unit) => (unit === 2 ? 9 : 1) * value],
    ['clampTo', clampTo(-0.5, 0.5), (value) => (Math.abs(value) <= 0.5 ? value : 0)],
    ['clampTo one number', clampTo(1, 1), () => 0],
    ['addVector', addVector([1, 2, 3], 2), (value, unit) => value + 2 * (unit + 1)],
  ])('%s', (_, edit, slope) => {
    tf.tidy(() => {
      const gradient = tf
        .grad((y) => weigh(edit(y, AT)!))(x)
        .dataSync();
      x.dataSync().forEach((value, i) => {
        const unit = i % 3;
        expect(gradient[i]).toBeCloseTo(2 * (unit + 1) * slope(value, unit), 4);
      });
    });
  });

  test('with respect to a steering vector', () => {
    tf.tidy(() => {
      const gradient = tf.grad((v) => tf.sum(tf.mul(addVector(v, 3)(x, AT)!, 2)))(tf.ones([3]));
      expect([...gradient.dataSync()]).toEqual([12, 12, 12]);
    });
  });
});

describe('replaceWith a capture', () => {
  const net = sequential({
    layers: [
      layers.dense({name: 'a', units: 3, activation: 'relu', inputShape: [2]}),
      layers.dense({name: 'b', units: 3, activation: 'softmax'}),
    ],
  });
  setSeededWeights(net);
  const clean = seeded([40, 2], 7);
  const corrupted = seeded([40, 2], 8);
  const predict = (x: Tensor) => () => net.predict(x) as Tensor;

  test.each(['pre', 'post', 'output'] as const)('%s, pass by pass', (kind) => {
    using reference = withCapture(predict(clean), {record: [kind]});
    for (const name of ['a', 'b']) {
      using run = withCapture(predict(corrupted), {
        record: [kind],
        edit: {[name]: {[kind]: replaceWith(reference)}},
      });
      expectSameBits('result', run.result, reference.result);
      expectSameBits(kind, run[kind](name), reference[kind](name));
      run.result.dispose();
    }
    reference.result.dispose();
  });

  test('that does not have the value, or is no more', () => {
    using reference = withCapture(predict(clean), {record: ['post'], layers: 'a'});
    const patch = (edit: object) => () =>
      withCapture(predict(corrupted), {edit: edit as Record<string, EditFunction>});
    expect(patch({a: replaceWith(reference)})).toThrow(NotRecordedError);
    expect(patch({b: {post: replaceWith(reference)}})).toThrow(LayerNotFoundError);
    reference.dispose();
    expect(patch({a: {post: replaceWith(reference)}})).toThrow(CaptureDisposedError);
  });

  test('of another shape', () => {
    using reference = withCapture(predict(seeded([4, 2], 1)));
    expect(() => withCapture(predict(corrupted), {edit: {a: replaceWith(reference)}})).toThrow(
      "replaceWith: the pre of 'a' must have the same shape in both runs, got [4,3] in the capture for [32,3].",
    );
  });
});

describe('wrong arguments', () => {
  const any = (value: unknown): never => value as never;
  const gone = tf.ones([3]);
  const matrix = tf.ones([2, 2]);
  gone.dispose();

  test.each<[string, () => EditFunction, string]>([
    ['ablate', () => ablate(any('3')), "ablate: units must be indices, .*, got '3'"],
    ['ablate a fraction', () => ablate([0.5]), 'ablate: units must be indices, .*, got 0.5'],
    ['ablate below 0', () => ablate(-1), 'ablate: units must be indices, .*, got -1'],
    ['ablate by mask', () => ablate(any([true])), 'ablate: units must be indices, .*, got true'],
    ['ablate null', () => ablate(any(null)), 'ablate: units must be indices, .*, got null'],
    ['axis', () => ablate(1, {axis: 0.5}), 'ablate: axis must be an integer, got 0.5'],
    ['options', () => ablate(1, any(1)), 'ablate: the options must be an object, got 1'],
    ['scaleBy', () => scaleBy(NaN), 'scaleBy: factor must be a finite number, got NaN'],
    ['scaleBy units', () => scaleBy(1, {units: -2}), 'scaleBy: units must be indices, .*, got -2'],
    ['clampTo', () => clampTo(any('a'), 1), "clampTo: min and max must be numbers, got 'a'"],
    ['clampTo NaN', () => clampTo(0, NaN), 'clampTo: min and max must be numbers, got NaN'],
    ['clampTo order', () => clampTo(2, 1), 'clampTo: min must not exceed max, 1, got 2'],
    ['addVector', () => addVector(any(3)), 'addVector: v must be a Tensor of rank 1 or .*, got 3'],
    ['addVector of words', () => addVector(any(['a'])), 'addVector: v must .*, got an array of 1'],
    ['addVector of nothing', () => addVector([]), 'addVector: v must .*, got an array of 0'],
    [
      'addVector of a matrix',
      () => addVector(matrix),
      'addVector: v must .*, got a Tensor of shape \\[2,2\\]',
    ],
    ['addVector scale', () => addVector([1], Infinity), 'addVector: scale must .*, got Infinity'],
    ['replaceWith', () => replaceWith(any(3)), 'replaceWith: the source must .*, got 3'],
    ['replaceWith null', () => replaceWith(any(null)), 'replaceWith: the source must .*, got null'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(CaptureArgumentError);
    expect(make).toThrow(new RegExp(`^${message}. \\S.*\\.$`));
  });

  test.each<[string, EditFunction, string]>([
    ['no such unit', ablate([1, 3]), "ablate: 'layer' of shape [2,3] must have that unit, got 3."],
    [
      'no such axis',
      scaleBy(2, {units: 0, axis: 2}),
      "scaleBy: 'layer' of shape [2,3] must have that axis, got 2.",
    ],
    ['no such axis from the end', clampTo(0, 1, {units: 0, axis: -3}), 'that axis, got -3.'],
    [
      'a short vector',
      addVector([1]),
      "addVector: v must have one number per unit of 'layer', which has shape [2,3], got 1. Pass 3.",
    ],
    ['a vector that is no more', addVector(gone), 'addVector: the tensor must live'],
    ['a tensor that is no more', replaceWith(gone), 'replaceWith: the tensor must live'],
  ])('%s, when it is applied', (_, edit, message) => {
    tf.tidy(() => {
      const apply = () => edit(tf.ones([2, 3]), AT);
      expect(apply).toThrow(CaptureArgumentError);
      expect(apply).toThrow(message);
    });
  });

  test('nothing is left behind', () => {
    const before = download(tf.scalar(tf.memory().numTensors));
    expect(() => edited(ablate(5), ODD, [2, 3])).toThrow();
    expect(tf.memory().numTensors).toBe(before.values[0]! + 1);
  });
});
