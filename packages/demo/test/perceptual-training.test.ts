import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {registerGradientKernels} from '@tfjs-capture/hooks';
import {activationAt} from '../src/perceptual/activation-at.js';
import {checkGradients} from '../src/perceptual/check-gradients.js';
import {checkLosses} from '../src/perceptual/check-losses.js';
import {createGenerator, pixelsOfChannels} from '../src/perceptual/generator.js';
import {measureImage} from '../src/perceptual/image-measures.js';
import {networkUpTo} from '../src/perceptual/network-up-to.js';
import {train} from '../src/perceptual/train.js';
import {checkFrozen, weightBitsOf} from '../src/verify/check-frozen.js';
import {smallMobileNet} from './small-mobile-net.js';

const generatorOptions = {filters: 4, seed: 1};
const sides = ['pre', 'post'] as const;
const target = tf.randomUniform<tf.Rank.R4>([1, 16, 16, 3], 0, 1, 'float32', 7);
const input = tf.avgPool(target, 2, 2, 'valid');

let takeGradientKernelsOut: () => void;
beforeAll(() => (takeGradientKernelsOut = registerGradientKernels(tf.getBackend())));
afterAll(() => takeGradientKernelsOut());

describe.each(sides)('training by features on the side "%s" of an activation', (side) => {
  const network = smallMobileNet();
  const point = {network: networkUpTo(network, 'depthwise_relu'), layer: 'depthwise_relu', side};

  test('lowers the loss, leaves the network as it was, and nothing in memory', async () => {
    const weights = await weightBitsOf(network);
    const tensors = tf.memory().numTensors;
    const generator = createGenerator(generatorOptions);
    let steps = 0;
    const moments = await train({
      generator,
      input,
      target,
      point,
      steps: 8,
      learningRate: 0.005,
      onStep: () => steps++,
    });
    generator.dispose();

    expect(steps).toBe(8);
    expect(moments).toHaveLength(9);
    expect(moments[8]!.loss).toBeLessThan(0.95 * moments[0]!.loss);
    expect(moments.every(({psnr}) => psnr > 5 && psnr < 60)).toBe(true);
    expect((await checkFrozen(network, weights)).passed).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test('has the gradients of a network that is cut by hand', () => {
    const generator = createGenerator(generatorOptions);
    const tensors = tf.memory().numTensors;
    const {passed, sentence} = checkGradients(point, generator, input, target);
    expect(sentence).toMatch(/: largest difference 0, largest gradient 0\.\d*[1-9]/);
    expect(passed).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
    generator.dispose();
  });
});

test('generators of one seed are alike, others are not', () => {
  const upscaled = (seed: number) =>
    createGenerator({filters: 4, seed}).upscale(input).dataSync().slice();
  expect(upscaled(1)).toEqual(upscaled(1));
  expect(upscaled(1)).not.toEqual(upscaled(2));
  expect(createGenerator(generatorOptions).upscale(input).shape).toEqual([1, 16, 16, 3]);
});

test('four channels become four pixels as in tf.depthToSpace', () => {
  const channels = tf.reshape<tf.Rank.R4>(tf.range(0, 2 * 3 * 12), [1, 2, 3, 12]);
  expect(pixelsOfChannels(channels).dataSync()).toEqual(
    tf.depthToSpace(channels, 2, 'NHWC').dataSync(),
  );
});

test('measures an image as it is shown: cut at 0 and 1', async () => {
  const half = tf.fill([1, 2, 2, 3], 0.5);
  const measures = await measureImage(tf.fill([1, 2, 2, 3], 0.4), half);
  expect(measures.psnr).toBeCloseTo(20, 3);
  expect(measures.l1).toBeCloseTo(25.5, 3);
  expect(measures.brightness).toBeCloseTo(-25.5, 3);
  expect((await measureImage(tf.fill([1, 2, 2, 3], 9), half)).brightness).toBeCloseTo(127.5, 3);
});

test('gradients come through where an activation passes values on', async () => {
  const network = sequential({
    layers: [layers.reLU({name: 'relu6', maxValue: 6, inputShape: [5]})],
  });
  const at = await activationAt(network, 'relu6', tf.tensor2d([[-1, 0, 3, 5, 9]]));
  expect(at).toEqual({activation: 'relu', passedOn: 2 / 5});
});

test('the checks fail for what they are about', async () => {
  const network = smallMobileNet();
  const bits = await weightBitsOf(network);
  const weight = network.weights[0]!;
  weight.write(tf.add(weight.read(), 1e-3));
  expect(await checkFrozen(network, bits)).toMatchObject({
    passed: false,
    sentence: expect.stringMatching(/: 108 of \d+ weights differ in any bit$/),
  });

  const moments = (...losses: number[]) =>
    losses.map((loss) => ({loss, psnr: 20, l1: 1, brightness: 0}));
  expect(checkLosses(moments(2, 1), moments(3, 2)).passed).toBe(true);
  expect(checkLosses(moments(2, 1), moments(3, 3)).passed).toBe(false);
  expect(checkLosses(moments(2, NaN), moments(3, 2)).passed).toBe(false);
});
