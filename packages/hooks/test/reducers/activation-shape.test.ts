// What is exported of activation functions' shapes. Their flat parts are held against slopes beside the source.
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {canDie, FLAT_PARTS, withCapture} from '@tfjs-capture/hooks';

test('names are those of hook points', () => {
  const last = (name: 'sigmoid' | 'hardSigmoid') =>
    sequential({layers: [layers.dense({units: 1, inputShape: [1], activation: name})]});
  for (const name of ['sigmoid', 'hardSigmoid'] as const) {
    using capture = withCapture(() => last(name).predict(tf.ones([1, 1])));
    expect(FLAT_PARTS).toHaveProperty(capture.records[0]!.activation!);
  }
});

test('units die of what gives 0 for all that is negative', () => {
  for (const name of ['relu', 'relu6', 'thresholdedRelu']) expect(canDie(name)).toBe(true);
  for (const name of ['leakyrelu', 'elu', 'sigmoid', null]) expect(canDie(name)).toBe(false);
});
