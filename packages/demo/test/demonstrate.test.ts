import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {demonstrate} from '../src/demonstrate.js';
import {temporaryFolder} from './temporary-folder.js';

const folder = temporaryFolder();

/** What MobileNetV2 is made of, small. */
const model = sequential({
  layers: [
    layers.conv2d({name: 'conv', filters: 4, kernelSize: 3, inputShape: [8, 8, 3]}),
    layers.batchNormalization({name: 'norm'}),
    layers.reLU({name: 'conv_relu', maxValue: 6}),
    layers.depthwiseConv2d({name: 'depthwise', kernelSize: 3}),
    layers.reLU({name: 'depthwise_relu', maxValue: 6}),
    layers.flatten(),
    layers.dense({name: 'hidden', units: 8, activation: 'relu'}),
    layers.dense({name: 'classes', units: 3, activation: 'softmax'}),
  ],
});

test('shows every activation, verifies the capture, and leaves nothing behind', async () => {
  const printed: unknown[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => printed.push(line));
  const input = tf.randomNormal([1, 8, 8, 3], 0, 5, 'float32', 1);
  const tensors = tf.memory().numTensors;
  const holds = await demonstrate({
    model,
    input,
    folder,
    showOutput: (output) => Promise.resolve(`output [${output.shape.join(', ')}]`),
  });
  log.mockRestore();

  const text = printed.join('\n');
  expect(text).toContain('output [1, 3]');
  expect(text).toContain('✓ post = activation(pre): largest difference 0 over 219 values of 4');
  expect(text).toContain('✓ output of the captured pass = plain predict: 0 of 3 values differ');
  expect(text).toContain('✓ after dispose() nothing is left');
  expect(text).toMatch(/plain predict .* ms, capture of all .* ms: .* × \(medians of \d+/);
  expect(holds).toBe(true);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(readdirSync(join(folder, 'feature-maps'))).toEqual([
    '1-conv_relu.png',
    '2-depthwise_relu.png',
    '3-hidden.png',
    '4-classes.png',
  ]);
});
