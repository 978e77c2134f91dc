import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {avgPool, dispose, getBackend} from '@tensorflow/tfjs-core';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {registerGradientKernels} from '@tfjs-capture/hooks';
import {startProgress} from '../report/progress.js';
import {checkFrozen, weightBitsOf} from '../verify/check-frozen.js';
import {checkNothingLeft, memoryNow} from '../verify/check-memory.js';
import {checkLine} from '../verify/check.js';
import type {Check} from '../verify/check.js';
import {activationAt} from './activation-at.js';
import {checkGradients} from './check-gradients.js';
import {checkLosses} from './check-losses.js';
import {writeComparisonPicture} from './comparison-picture.js';
import {writeCurvesPicture} from './curves-picture.js';
import {createGenerator, enlargeBilinearly} from './generator.js';
import type {GeneratorOptions} from './generator.js';
import {measureImage} from './image-measures.js';
import type {ImageMeasures} from './image-measures.js';
import {networkUpTo} from './network-up-to.js';
import type {Side} from './perceptual-loss.js';
import {train} from './train.js';
import type {TrainedSide} from './training-table.js';
import {lastOf, signed, trainingTable} from './training-table.js';

export interface LossComparison {
  /** Pretrained; takes images of `target`'s kind. */
  readonly network: LayersModel;
  /** A layer of it that is an activation. */
  readonly layer: string;
  /** The photo: [1, side, side, 3], `side` even, values 0 to 1. */
  readonly target: Tensor4D;
  readonly generator: GeneratorOptions;
  readonly steps: number;
  readonly learningRate: number;
  /** Where the pictures go. It is made if need be. */
  readonly folder: string;
}

/**
 * Trains the same generator twice, by features of a pretrained network before an activation and
 * after it, prints and draws what became of it, and verifies the way there. On backends that lack
 * gradient kernels it brings them along while it runs.
 *
 * @returns whether all that was verified holds
 * @throws Error if the photo cannot be halved, or the layer is none of the network or no activation
 */
export async function compareLosses(comparison: LossComparison): Promise<boolean> {
  refuseOddPhoto(comparison.target);
  const takeGradientKernelsOut = registerGradientKernels(getBackend());
  try {
    return await compare(comparison);
  } finally {
    takeGradientKernelsOut();
  }
}

async function compare(comparison: LossComparison): Promise<boolean> {
  const {network, target, steps, folder} = comparison;
  await mkdir(folder, {recursive: true});
  const weightsBefore = await weightBitsOf(network);
  const memoryBefore = memoryNow();
  const input = avgPool(target, 2, 2, 'valid');
  const checks = [
    checkGradientsOf(comparison, 'pre', input),
    checkGradientsOf(comparison, 'post', input),
  ];

  const progress = startProgress('Training', 2 * steps);
  const before = await trainSide(comparison, 'pre', input, () => {
    progress.step('before the activation');
  });
  const after = await trainSide(comparison, 'post', input, () => {
    progress.step('after the activation');
  });
  progress.end();
  const image = enlargeBilinearly(input);
  const bilinear = {image, measures: await measureImage(image, target)};

  console.log(trainingTable(after.activation, before, after, bilinear.measures));
  console.log(`\n${await draw(comparison, before, after, bilinear)}`);

  dispose([input, image, before.image, after.image]);
  checks.push(
    await checkFrozen(network, weightsBefore),
    checkNothingLeft(memoryBefore, 'after both trainings', 'them'),
    checkLosses(before.moments, after.moments),
  );
  console.log(`\nVerified\n${checks.map(checkLine).join('\n')}`);
  return checks.every(({passed}) => passed);
}

function refuseOddPhoto({shape}: Tensor4D): void {
  const [batch, height, width, channels] = shape;
  if (batch === 1 && height === width && height % 2 === 0 && channels === 3) return;
  throw new Error(
    `compareLosses: target must be [1, side, side, 3] with an even side, got [${shape.join(', ')}].`,
  );
}

interface TrainedGenerator extends TrainedSide {
  readonly activation: string;
  /** What the generator makes of the input in the end. The caller disposes it. */
  readonly image: Tensor4D;
}

async function trainSide(
  {network, layer, target, generator: options, steps, learningRate}: LossComparison,
  side: Side,
  input: Tensor4D,
  onStep: () => void,
): Promise<TrainedGenerator> {
  const point = {network: networkUpTo(network, layer), layer, side};
  const generator = createGenerator(options);
  const moments = await train({generator, input, target, point, steps, learningRate, onStep});
  const image = generator.upscale(input);
  generator.dispose();
  const {activation, passedOn} = await activationAt(point.network, layer, image);
  return {moments, image, activation, carrying: side === 'pre' ? 1 : passedOn};
}

function checkGradientsOf(
  {network, layer, target, generator: options}: LossComparison,
  side: Side,
  input: Tensor4D,
): Check {
  const point = {network: networkUpTo(network, layer), layer, side};
  const generator = createGenerator(options);
  const check = checkGradients(point, generator, input, target);
  generator.dispose();
  return check;
}

/** Draws what the table tells, and returns where. */
async function draw(
  {layer, target, folder}: LossComparison,
  before: TrainedGenerator,
  after: TrainedGenerator,
  bilinear: {image: Tensor4D; measures: ImageMeasures},
): Promise<string> {
  const {activation} = after;
  const course = join(folder, 'training.png');
  await writeCurvesPicture(course, {
    layer,
    activation,
    before: before.moments,
    after: after.moments,
    bilinear: bilinear.measures,
  });
  const trained = (word: string, {moments, image}: TrainedGenerator) => ({
    title: `features ${word} ${activation}`,
    detail: detailOf(lastOf(moments)),
    image,
  });
  const results = join(folder, 'comparison.png');
  await writeComparisonPicture(results, [
    {title: 'bilinear', detail: detailOf(bilinear.measures), image: bilinear.image},
    trained('before', before),
    trained('after', after),
    {title: 'target', detail: 'the photo itself', image: target},
  ]);
  return `The course of both trainings: ${course}\nWhat they came to: ${results}`;
}

function detailOf({psnr, brightness}: ImageMeasures): string {
  return `${psnr.toFixed(2)} dB, brightness ${signed(brightness)} of 255`;
}
