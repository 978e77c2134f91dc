/** What the ready-made reducers make of values on a device, and those values. */
import {tensor} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, model as modelOf} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {
  channelStats,
  firstNonFinite,
  histogram,
  stats,
  topK,
  withCapture,
} from '@tfjs-capture/hooks';
import type {
  ChannelStats,
  FirstNonFinite,
  Histogram,
  Reducer,
  Stats,
  TopK,
} from '@tfjs-capture/hooks';
import {seeded, setSeededWeights} from '../../fidelity/seeded-values.js';
import type {Observed} from '../../reducers/float64-reference.js';
import {countReads, memoryNow} from './left-behind.js';
import type {Memory} from './left-behind.js';
import {takeValues, valuesOf} from './values.js';

export interface ReducedPoint {
  readonly name: string;
  readonly stats: Stats;
  readonly channelStats: ChannelStats;
  readonly histogram: Histogram;
  readonly inRange: Histogram;
  readonly firstNonFinite: FirstNonFinite | null;
  readonly topK: TopK;
}

export interface Reduced {
  readonly points: ReducedPoint[];
  /** What a plain capture of the same passes holds. */
  readonly observed: Observed[];
  /** How often values were read while `channelStats` ran on three passes. */
  readonly reads: number;
  readonly before: Memory;
  readonly after: Memory;
}

function net(): LayersModel {
  const input = layers.input({shape: [6, 6, 2]});
  const conv = layers.conv2d({name: 'conv', filters: 3, kernelSize: 3, activation: 'relu'});
  const flat = layers.flatten().apply(conv.apply(input)) as SymbolicTensor;
  const dense = layers.dense({name: 'dense', units: 5, activation: 'relu'});
  const model = modelOf({inputs: input, outputs: dense.apply(flat) as SymbolicTensor});
  setSeededWeights(model);
  return model;
}

/** Five images in three passes, of which one holds NaN and Infinity. */
export async function reduceOnDevice(): Promise<Reduced> {
  const start = memoryNow();
  const model = net();
  const values = (await takeValues(seeded([5, 6, 6, 2], 4))).values.slice();
  values[100] = NaN;
  values[300] = Infinity;
  const x = tensor(values, [5, 6, 6, 2]);
  const run = (): Tensor => model.predict(x, {batchSize: 2}) as Tensor;
  run().dispose();
  function reduced<V>(reducer: Reducer<V>): V[] {
    const capture = withCapture(run, {reduce: reducer});
    const found = ['conv', 'dense'].map((name) => capture.get(name).value as V);
    capture.result.dispose();
    capture.dispose();
    return found;
  }
  const made = {
    stats: reduced(stats()),
    channelStats: reduced(channelStats()),
    histogram: reduced(histogram({bins: 7})),
    inRange: reduced(histogram({bins: 5, range: [-0.7, 0.9]})),
    firstNonFinite: reduced(firstNonFinite()),
    topK: reduced(topK({k: 2})),
  };
  const reads = countReads(() => reduced(channelStats()));
  const plain = withCapture(run);
  const points: ReducedPoint[] = [];
  for (const [i, name] of ['conv', 'dense'].entries()) {
    points.push({
      name,
      stats: made.stats[i]!,
      channelStats: made.channelStats[i]!,
      histogram: made.histogram[i]!,
      inRange: made.inRange[i]!,
      firstNonFinite: made.firstNonFinite[i]!,
      topK: made.topK[i]!,
    });
  }
  const observed: Observed[] = [];
  for (const {name, pass, call, slot, pre} of plain.records) {
    observed.push({name, pass, call, slot, ...(await valuesOf(pre!))});
  }
  plain.result.dispose();
  plain.dispose();
  x.dispose();
  model.dispose();
  return {points, observed, reads: reads.reads, before: start, after: memoryNow()};
}
