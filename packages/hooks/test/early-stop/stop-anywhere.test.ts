// Every way to run a model can be ended at every of its hook points: what was recorded so far is what a whole
// pass records, and nothing of the pass is left.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withCapture} from '@tfjs-capture/hooks';
import type {Capture} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {
  branchGraph,
  frameLoopGraph,
  loopGraph,
  nestedLoopGraph,
} from '../graph-models/control-flow-graphs.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';

const shared = layers.dense({name: 'shared', units: 3, activation: 'relu'});
const image = input({shape: [4, 4, 2]});
const encoder = sequential({
  name: 'encoder',
  layers: [
    layers.conv2d({
      name: 'conv',
      filters: 3,
      kernelSize: 2,
      activation: 'relu',
      inputShape: [4, 4, 2],
    }),
    layers.activation({name: 'swish', activation: 'swish'}),
  ],
});
let hidden = encoder.apply(image) as SymbolicTensor;
hidden = layers
  .conv2d({
    name: 'first',
    filters: 3,
    kernelSize: 1,
    dataFormat: 'channelsFirst',
    activation: 'elu',
  })
  .apply(layers.permute({dims: [3, 1, 2]}).apply(hidden)) as SymbolicTensor;
hidden = layers.reshape({targetShape: [3, 9]}).apply(hidden) as SymbolicTensor;
hidden = shared.apply(
  layers
    .timeDistributed({
      name: 'over_time',
      layer: layers.dense({name: 'step', units: 3, activation: 'tanh'}),
    })
    .apply(hidden),
) as SymbolicTensor;
hidden = layers
  .bidirectional({
    name: 'both_ways',
    layer: layers.lstm({units: 2, returnSequences: true}),
    mergeMode: 'concat',
  })
  .apply(hidden) as SymbolicTensor;
hidden = layers.gru({name: 'gru', units: 3}).apply(hidden) as SymbolicTensor;
const net = model({
  inputs: image,
  outputs: layers.softmax({name: 'softmax'}).apply(shared.apply(hidden)) as SymbolicTensor,
});
setSeededWeights(net);
const x = seeded([3, 4, 4, 2], 1);

const RUNS: Readonly<Record<string, () => unknown>> = {
  predict: () => net.predict(x),
  'predict in batches': () => net.predict(x, {batchSize: 2}),
  apply: () => net.apply(x),
  'in a tidy': () => tf.tidy(() => net.apply(x) as Tensor),
  'in a gradient': () => tf.grad((given) => tf.sum(net.apply(given) as Tensor))(x),
  asynchronous: async () => {
    await Promise.resolve();
    return net.apply(x);
  },
};
const BATCHES: Readonly<Record<string, number>> = {'predict in batches': 2};

registerGradientKernels(globalThis.TFJS_BACKEND);
const NAMES = withCapture(() => net.predict(x)).names();

describe.each(Object.keys(RUNS))('a layers model, %s', (way) => {
  const run = RUNS[way] as () => Promise<unknown>; // or at once
  let whole!: Capture<unknown>;

  beforeAll(async () => {
    whole = await withCapture(run);
  });

  test.each(NAMES)('ends at %s', async (name) => {
    const before = footprint(net);
    const stopped = await withCapture(run, {layers: [name], stopAfterLast: true});
    expect(stopped.result).toBeUndefined();
    expect(new Set(stopped.records.map(({pass}) => pass)).size).toBe(BATCHES[way] ?? 1);
    expectPartOf(stopped, whole, name);
    stopped.dispose();
    expect(footprint(net)).toEqual(before);
  });
});

/** Of each pass, all slots of the first call. */
function expectPartOf(stopped: Capture<unknown>, whole: Capture<unknown>, name: string): void {
  const expected = whole.find(name).filter(({call}) => call === 0);
  const addresses = ({records}: {records: Capture<unknown>['records']}) =>
    records.map((at) => `${at.name} ${at.pass} ${at.call} ${at.slot} ${at.activation}`);
  expect(addresses(stopped)).toEqual(addresses({records: expected}));
  expected.forEach(({pre}, i) => expectSameBits(name, stopped.records[i]!.pre!, pre!));
}

const GRAPHS = {
  'as a VGG, execute': {spec: vggLikeGraph(), shape: [2, 4, 4, 2], isAsync: false},
  'as a VGG, executeAsync': {spec: vggLikeGraph(), shape: [2, 4, 4, 2], isAsync: true},
  'a loop': {spec: loopGraph('While', 3), shape: [2, 3], isAsync: true},
  'nested loops': {spec: nestedLoopGraph('While', 2, 2), shape: [2, 3], isAsync: true},
  'a branch': {spec: branchGraph('If'), shape: [2, 3], isAsync: true},
  'a loop of frames': {spec: frameLoopGraph(3), shape: [2, 3], isAsync: true},
} as const;

describe.each(Object.entries(GRAPHS))('a graph model, %s', (kind, {spec, shape, isAsync}) => {
  let graph: GraphModel;
  const given = [seeded([...shape], 3), ...(kind === 'a branch' ? [tf.scalar(1)] : [])];
  const run = async (): Promise<unknown> =>
    isAsync ? graph.executeAsync(given) : graph.execute(given);

  beforeAll(async () => {
    graph = await buildGraphModel(spec);
  });

  test('ends at each hook point', async () => {
    const whole = await withCapture(run);
    const names = whole.names();
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const before = footprint(net);
      const stopped = await withCapture(run, {layers: [name], stopAfterLast: true});
      expect(stopped.result).toBeUndefined();
      expectPartOf(stopped, whole, name);
      stopped.dispose();
      expect(footprint(net)).toEqual(before);
    }
  });

  test('a thousand stops leave nothing', async () => {
    const whole = await withCapture(run);
    const name = whole.names().at(-1)!;
    const call = whole.find(name).length - 1;
    const before = footprint(net);
    for (let round = 0; round < 1000; round++) {
      const stopWhen = (at: {name: string; call: number}) => at.name === name && at.call === call;
      const stopped = await withCapture(run, {stopWhen});
      if (round === 0) expect(stopped.records).toHaveLength(whole.records.length);
      stopped.dispose();
    }
    expect(footprint(net)).toEqual(before);
  });
});

test.each(Object.keys(RUNS))('a thousand stops leave nothing: %s', async (way) => {
  const run = RUNS[way] as () => Promise<unknown>; // or at once
  const before = footprint(net);
  for (let round = 0; round < 1000; round++) {
    const stopped = await withCapture(run, {layers: ['first'], stopAfterLast: true});
    stopped.dispose();
  }
  expect(footprint(net)).toEqual(before);
});
