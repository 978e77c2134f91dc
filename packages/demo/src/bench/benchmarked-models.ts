/** The models that the benchmark runs, and what it feeds them. */
import {randomNormal, randomUniform} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {loadEsrganSlim} from '../models/esrgan-slim.js';
import {loadMobileNetV2} from '../models/mobilenet-v2.js';
import {buildVgg19} from '../models/vgg19.js';
import {buildConvNet} from './conv-net-model.js';
import {buildLstm} from './lstm-model.js';
import {buildMlp} from './mlp-model.js';
import type {Model} from './variant.js';

export interface BenchmarkedModel {
  /** How the command line calls it. */
  readonly key: string;
  /** How tables call it. */
  readonly title: string;
  /** How long its variants are measured. Slow models need longer for as many rounds. */
  readonly seconds: number;
  /** Too slow for a quick run, unless asked for, and for what takes several processes. */
  readonly isSlow?: boolean;
  /** A GraphModel, whose figures include those before and after a thousand captures in one process. */
  readonly isGraph?: boolean;
  readonly load: () => Promise<Model>;
  /** The same in every process: a batch of one, or several of 32. */
  readonly input: () => Tensor;
}

const SEED = 1;

// GraphModels are imported only where they are measured: other processes have no tfjs-converter.
export const benchmarkedModels: readonly BenchmarkedModel[] = [
  {
    key: 'vgg19-64',
    title: 'VGG19 without top, 64²',
    seconds: 22,
    load: async () => (await buildVgg19({size: 64})).model,
    input: () => randomUniform([1, 64, 64, 3], -128, 128, 'float32', SEED),
  },
  {
    key: 'vgg19-128',
    title: 'VGG19 without top, 128²',
    seconds: 38,
    isSlow: true,
    load: async () => (await buildVgg19({size: 128})).model,
    input: () => randomUniform([1, 128, 128, 3], -128, 128, 'float32', SEED),
  },
  {
    key: 'esrgan-slim',
    title: 'ESRGAN-slim, 64²',
    seconds: 18,
    load: loadEsrganSlim,
    input: () => randomUniform([1, 64, 64, 3], 0, 255, 'float32', SEED),
  },
  {
    key: 'mobilenet-v2',
    title: 'MobileNetV2, 224²',
    seconds: 24,
    load: loadMobileNetV2,
    input: () => randomUniform([1, 224, 224, 3], 0, 1, 'float32', SEED),
  },
  {
    key: 'conv-net',
    title: 'conv net on 256 digits of 28²',
    // Its rounds differ more than those of others: single calls by a sixth.
    seconds: 70,
    load: () => Promise.resolve(buildConvNet()),
    // Eight batches of `predict`.
    input: () => randomUniform([256, 28, 28, 1], 0, 1, 'float32', SEED),
  },
  {
    key: 'lstm',
    title: 'two LSTMs of 64, 50 steps',
    seconds: 16,
    load: () => Promise.resolve(buildLstm()),
    input: () => randomNormal([1, 50, 64], 0, 1, 'float32', SEED),
  },
  {
    key: 'mlp',
    title: 'MLP 64-64-64-10',
    seconds: 10,
    load: () => Promise.resolve(buildMlp()),
    input: () => randomNormal([1, 64], 0, 1, 'float32', SEED),
  },
  {
    key: 'graph-facemesh',
    title: 'GraphModel facemesh, 192²',
    seconds: 9,
    isGraph: true,
    load: async () => (await import('../models/graph-models.js')).loadFacemesh(),
    input: () => randomUniform([1, 192, 192, 3], 0, 1, 'float32', SEED),
  },
  {
    key: 'graph-movenet',
    title: 'GraphModel MoveNet Lightning, 192²',
    seconds: 11,
    isGraph: true,
    load: async () => (await import('../models/graph-models.js')).loadMoveNetLightning(),
    input: () => randomUniform([1, 192, 192, 3], 0, 255, 'int32', SEED),
  },
  {
    key: 'graph-mobilenet-v2',
    title: 'GraphModel MobileNetV2, 224²',
    seconds: 15,
    isGraph: true,
    load: async () => (await import('../models/graph-models.js')).loadMobileNetV2Mid(),
    input: () => randomUniform([1, 224, 224, 3], 0, 1, 'float32', SEED),
  },
];

/** @throws Error that lists the keys there are. */
export function benchmarkedModel(key: string): BenchmarkedModel {
  const found = benchmarkedModels.find((model) => model.key === key);
  if (found) return found;
  const keys = benchmarkedModels.map((model) => model.key).join(', ');
  throw new Error(`benchmarkedModel: models are ${keys}, got '${key}'.`);
}
