import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import {compareLosses} from '../src/perceptual/compare-losses.js';
import {CURVES_HEIGHT, CURVES_WIDTH} from '../src/perceptual/curves-picture.js';
import {signed} from '../src/perceptual/training-table.js';
import {smallMobileNet} from './small-mobile-net.js';
import {temporaryFolder} from './temporary-folder.js';

const folder = temporaryFolder();
const comparison = {
  network: smallMobileNet(),
  layer: 'depthwise_relu',
  target: tf.randomUniform<tf.Rank.R4>([1, 16, 16, 3], 0, 1, 'float32', 7),
  generator: {filters: 4, seed: 1},
  steps: 4,
  learningRate: 0.005,
  folder: join(folder, 'pictures'),
};
const filterGradient = () => tf.getKernel('Conv2DBackpropFilter', tf.getBackend());

test('trains on both sides, draws it, verifies it, and leaves nothing behind', async () => {
  const printed: unknown[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => printed.push(line));
  const tensors = tf.memory().numTensors;
  const kernel = filterGradient();
  const holds = await compareLosses(comparison);
  log.mockRestore();

  const text = printed.join('\n');
  expect(text).toMatch(/before relu +│ after relu +│ bilinear/);
  expect(text).toMatch(/features that carry gradient +│ +100\.0 % │ +\d\d\.\d %/);
  expect(text).toContain('✓ gradients through capture.pre = those of a network that ends there');
  expect(text).toContain('✓ gradients through capture.post = those of a network that ends there');
  expect(text).toContain('✓ the pretrained network is as it was: 0 of ');
  expect(text).toContain(`✓ after both trainings nothing is left: ${tensors} tensors before them`);
  expect(text).toContain('✓ both losses went down');
  expect(holds).toBe(true);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(filterGradient()).toBe(kernel);

  expect(readdirSync(comparison.folder)).toEqual(['comparison.png', 'training.png']);
  const sizeOf = async (file: string) => {
    const {width, height} = await sharp(join(comparison.folder, file)).metadata();
    return [width, height];
  };
  expect(await sizeOf('training.png')).toEqual([CURVES_WIDTH, CURVES_HEIGHT]);
  // Four images of 16 × 24 pixels, and their middles of 6 × 64, in columns of the same width.
  expect(await sizeOf('comparison.png')).toEqual([24 + 4 * (384 + 24), 92 + 2 * (384 + 24)]);
});

describe('says what is wrong, and takes its kernels out again', () => {
  const refusal = async (wrong: Partial<typeof comparison>, message: RegExp) => {
    const kernel = filterGradient();
    await expect(compareLosses({...comparison, ...wrong})).rejects.toThrow(message);
    expect(filterGradient()).toBe(kernel);
  };

  test('a photo that cannot be halved', () =>
    refusal({target: tf.zeros([1, 15, 15, 3])}, /even side, got \[1, 15, 15, 3\]/));

  test('a layer that the network lacks', () => refusal({layer: 'fc9'}, /No such layer: fc9/));

  test('a layer without activation', () => refusal({layer: 'conv'}, /conv/));
});

test('differences have a sign, unless they are 0', () => {
  expect([0.256, -1.5, -0.001].map(signed)).toEqual(['+0.26', '−1.50', '0.00']);
});
