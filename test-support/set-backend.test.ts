import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

test('tests run on the backend that the jest project names', () => {
  expect(tf.getBackend()).toBe(globalThis.TFJS_BACKEND);
});

test('recurrent layers have the chained ops that they need', () => {
  const model = layers.sequential({layers: [layers.layers.lstm({units: 2, inputShape: [3, 4]})]});
  expect((model.predict(tf.ones([1, 3, 4])) as tf.Tensor).shape).toEqual([1, 2]);
});

test('gradients are registered', () => {
  expect(
    tf
      .grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([3]))
      .dataSync(),
  ).toEqual(new Float32Array([6]));
});

test('`using` disposes', () => {
  let disposed = false;
  {
    using _resource = {[Symbol.dispose]: () => (disposed = true)};
    expect(disposed).toBe(false);
  }
  expect(disposed).toBe(true);
});
