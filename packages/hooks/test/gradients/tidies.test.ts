// On a tape a captured tensor and the model's own stand for the same value: a tidy must lose neither.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';

const kinds = ['pre', 'post', 'result'] as const;

test.each(kinds)('a tidy that returns the %s leaves nothing behind', (kind) => {
  const x = tf.tensor1d([1, -2, 3]);
  const inner = (y: Tensor): Tensor =>
    tf.tidy(() => {
      const capture = withCapture(() => tf.relu(tf.square(y)), {record: ['pre', 'post']});
      return kind === 'result' ? capture.result : capture[kind]('', {call: 0});
    });
  const before = tf.memory();
  const gradient = tf.grad((y: Tensor) => tf.sum(inner(y)))(x);
  expect([...gradient.dataSync()]).toEqual([2, -4, 6]);
  gradient.dispose();
  expect(tf.memory()).toMatchObject({
    numTensors: before.numTensors,
    numDataBuffers: before.numDataBuffers,
  });
  x.dispose();
});
