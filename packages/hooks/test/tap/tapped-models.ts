/** Small models to tap, and what tests do with taps. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {Sequential} from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import {makeTap} from '../../src/tap.js';
import type {TapFrame} from '../../src/tapped-frame.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';

export const tap = makeTap(withCapture);

/** [rows, 3] → relu 'a' → elu 'b' → softmax 'c'. */
export function net(): Sequential {
  const model = sequential({
    layers: [
      layers.dense({name: 'a', units: 4, activation: 'relu', inputShape: [3]}),
      layers.dense({name: 'b', units: 4, activation: 'elu'}),
      layers.dense({name: 'c', units: 2, activation: 'softmax'}),
    ],
  });
  setSeededWeights(model);
  return model;
}

export const graph = (): Promise<GraphModel> => buildGraphModel(vggLikeGraph());
export const image = (seed = 1): Tensor => seeded([2, 4, 4, 2], seed);

/** What `next()` gives, which must be a frame. */
export async function frameOf(
  next: Promise<IteratorResult<TapFrame, undefined>>,
): Promise<TapFrame> {
  const {value} = await next;
  if (!value) throw new Error('expected a frame');
  return value;
}

/** Until what has been captured is read. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
