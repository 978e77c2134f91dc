// Hand-written op code: no layers, no graph.
import * as tf from '@tensorflow/tfjs-core';
import {nameScope, withCapture} from '@tfjs-capture/hooks';
import {expectSameBits} from './fidelity/float-bits.js';

const a = tf.tensor2d([1, -2, 3, 4, -5, 6], [2, 3]);
const b = tf.tensor2d([1, -1, 2, 0.5, -2, 3], [3, 2]);

test.each([
  {shape: [2, 3], other: [3, 2], out: [2, 2]},
  {shape: [1, 2, 3], other: [1, 3, 2], out: [1, 2, 2]},
  {shape: [2, 1, 3], other: [2, 3, 1], out: [2, 1, 1]},
  {shape: [1, 2, 1, 3], other: [1, 2, 3, 1], out: [1, 2, 1, 1]},
])('tf.fused.matMul of $shape and $other is recorded in its own shape', ({shape, other, out}) => {
  const x = tf.randomUniform(shape, -1, 1, 'float32', 1);
  const y = tf.randomUniform(other, -1, 1, 'float32', 2);
  const run = (activation: 'relu' | 'linear') => tf.fused.matMul({a: x, b: y, activation});
  const capture = withCapture(() => run('relu'), {record: ['pre', 'post']});
  const [record] = capture.records;
  expect(capture.result.shape).toEqual(out);
  expect(record?.pre?.shape).toEqual(out);
  expect(record?.post?.shape).toEqual(out);
  expectSameBits('pre', record!.pre!, run('linear'));
  expectSameBits('post', record!.post!, capture.result);
});

test('a reshape that belongs to something else is left alone', () => {
  const before = tf.getKernel('Reshape', tf.getBackend());
  const capture = withCapture(() => {
    const y = tf.fused.matMul({a, b, activation: 'relu'});
    return tf.reshape(y, [4]);
  });
  expect(capture.records[0]?.pre?.shape).toEqual([2, 2]);
  expect(capture.result.shape).toEqual([4]);
  tf.dispose(capture.result);
  capture.dispose();
  // The kernel that does not reshape at all: nothing is left waiting.
  withCapture(() => {
    const [x, y] = [tf.reshape(a, [1, 2, 3]), tf.reshape(b, [1, 3, 2])];
    const attrs = {transposeA: false, transposeB: false, activation: 'relu'};
    tf.engine().runKernel('_FusedMatMul', {a: x, b: y}, attrs);
  }).dispose();
  expect(tf.getKernel('Reshape', tf.getBackend())).toBe(before);
});

test('two scopes get the shape, each in its own records', () => {
  let inner: number[] | undefined;
  const outer = withCapture(() => {
    const within = withCapture(() => tf.fused.matMul({a, b, activation: 'relu'}));
    inner = within.records[0]?.pre?.shape;
    within.dispose();
  });
  expect(inner).toEqual([2, 2]);
  expect(outer.records[0]?.pre?.shape).toEqual([2, 2]);
  outer.dispose();
});

test('code without names has an empty path and is told apart by call', () => {
  const capture = withCapture(() => [tf.relu(a), tf.sigmoid(a), tf.relu(b)]);
  expect(capture.records.map(({path, name, call}) => [path, name, call])).toEqual([
    [[], '', 0],
    [[], '', 1],
    [[], '', 2],
  ]);
  expect(capture.pre('', {call: 2}).shape).toEqual([3, 2]);
  capture.dispose();
});

test('nameScope puts names on the stack, nested and in one', () => {
  const capture = withCapture(() =>
    nameScope('encoder', () => {
      tf.relu(a);
      nameScope('attention/head', () => tf.fused.matMul({a, b, activation: 'relu'}));
    }),
  );
  expect(capture.names()).toEqual(['encoder', 'encoder/attention/head']);
  expect(capture.pre('head').shape).toEqual([2, 2]);
  capture.dispose();
});
