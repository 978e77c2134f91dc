import {tidy, train as optimizers} from '@tensorflow/tfjs-core';
import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import type {Generator} from './generator.js';
import {measureImage} from './image-measures.js';
import type {ImageMeasures} from './image-measures.js';
import {featuresOf, perceptualLoss} from './perceptual-loss.js';
import type {FeaturePoint} from './perceptual-loss.js';

export interface TrainingOptions {
  readonly generator: Generator;
  /** What is enlarged: [1, height, width, 3], values 0 to 1. */
  readonly input: Tensor4D;
  /** What it should become: [1, 2 height, 2 width, 3], values 0 to 1. */
  readonly target: Tensor4D;
  /** Where the two are compared. */
  readonly point: FeaturePoint;
  readonly steps: number;
  readonly learningRate: number;
  /** Called after each step. */
  readonly onStep?: () => void;
}

/** What was seen before a step of training; in the end, after the last. */
export interface TrainingMoment extends ImageMeasures {
  readonly loss: number;
}

/**
 * Trains a generator on one image, by the perceptual loss alone (Adam, Kingma and Ba 2015). Nothing
 * but the generator's weights changes, and nothing else stays in memory.
 *
 * @returns `steps + 1` moments
 */
export async function train(options: TrainingOptions): Promise<TrainingMoment[]> {
  const {generator, input, target, point, steps, learningRate, onStep} = options;
  const optimizer = optimizers.adam(learningRate);
  const targetFeatures = tidy(() => featuresOf(point, target));
  const lossNow = () => perceptualLoss(point, generator.upscale(input), targetFeatures);
  const measureNow = async () => {
    const image = generator.upscale(input);
    const measures = await measureImage(image, target);
    image.dispose();
    return measures;
  };

  const moments: TrainingMoment[] = [];
  for (let step = 0; step < steps; step++) {
    const measures = await measureNow();
    const loss = optimizer.minimize(lossNow, true, [...generator.weights]);
    moments.push({loss: await readAndDispose(loss), ...measures});
    onStep?.();
  }
  moments.push({loss: await readAndDispose(tidy(lossNow)), ...(await measureNow())});
  targetFeatures.dispose();
  optimizer.dispose();
  return moments;
}

async function readAndDispose(loss: Tensor | null): Promise<number> {
  const [value = NaN] = (await loss?.data()) ?? [];
  loss?.dispose();
  return value;
}
