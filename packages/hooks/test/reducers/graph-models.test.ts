// Graphs: their nodes' channels, the two ways to run them.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {channelStats, stats, topK, withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {seeded} from '../fidelity/seeded-values.js';
import {buildGraphModel, seededWeight} from '../graph-models/graph-fixture.js';
import type {GraphSpec} from '../graph-models/graph-fixture.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';
import {expectChannelStatistics, expectStatistics} from './expect-statistics.js';
import {
  expectedChannelStats,
  expectedStats,
  expectedTopK,
  observe,
  pick,
} from './float64-reference.js';

beforeEach(() => {
  // That executeAsync was not needed.
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

const record: CaptureOptions = {record: ['output']};

describe('a graph with channels last', () => {
  let model: GraphModel;
  let x: Tensor;
  beforeAll(async () => {
    model = await buildGraphModel(vggLikeGraph());
    x = seeded([2, 4, 4, 2], 6);
  });
  afterAll(() => {
    model.dispose();
    x.dispose();
  });

  test('synchronously', () => {
    tf.tidy(() => {
      const plain = observe(withCapture(() => model.predict(x)));
      const capture = withCapture(() => model.predict(x), {reduce: channelStats()});
      const best = withCapture(() => model.predict(x), {reduce: topK({k: 1})});
      expect(capture.names()).toEqual([...new Set(plain.map(({name}) => name))]);
      for (const {name, slot, shape} of plain) {
        const scopes = pick([plain], name, slot);
        const axis = shape.length - 1;
        expectChannelStatistics(
          capture.get(name, {slot}).value,
          expectedChannelStats(scopes, axis),
        );
        expect(best.get(name, {slot}).value).toEqual(expectedTopK(scopes, axis, 1));
      }
    });
  });

  test('asynchronously, twice', async () => {
    const before = tf.memory().numTensors;
    const run = async () => {
      for (let time = 0; time < 2; time++) tf.dispose(await model.executeAsync(x));
    };
    const tensors = await withCapture(run);
    const plain = observe(tensors);
    tensors.dispose();
    const capture = await withCapture(run, {reduce: stats()});
    expect(capture.records.length).toBe(plain.length / 2);
    for (const {name, slot} of plain) {
      expectStatistics(capture.get(name, {slot}).value, expectedStats(pick([plain], name, slot)));
    }
    expect(capture.memory()).toEqual({tensors: 0, bytes: 0});
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** A convolution, a constant factor before it in a product, and a ReLU behind both. */
const convolution = (format: 'NCHW' | 'NHWC'): GraphSpec => ({
  inputs: {x: format === 'NCHW' ? [-1, 2, 5, 6] : [-1, 5, 6, 2]},
  weights: {filter: seededWeight([2, 2, 2, 3], 1), factor: 0.5},
  nodes: [
    {
      name: 'conv',
      op: 'Conv2D',
      inputs: ['x', 'filter'],
      attrs: {
        strides: [1, 1, 1, 1],
        padding: 'VALID',
        data_format: format,
        dilations: [1, 1, 1, 1],
      },
    },
    {name: 'half', op: 'Mul', inputs: ['factor', 'conv']},
    {name: 'relu', op: 'Relu', inputs: ['half']},
  ],
  outputs: ['relu'],
});

describe.each(['NHWC', 'NCHW'] as const)('%s', (format) => {
  // WASM has no convolution with channels first.
  const isRunnable = format === 'NHWC' || tf.getBackend() === 'cpu';
  (isRunnable ? test : test.failing)('of a convolution and what follows it', async () => {
    const model = await buildGraphModel(convolution(format));
    tf.tidy(() => {
      const x = seeded(format === 'NCHW' ? [2, 2, 5, 6] : [2, 5, 6, 2], 3);
      const axis = format === 'NCHW' ? 1 : 3;
      const plain = observe(withCapture(() => model.predict(x), record));
      const capture = withCapture(() => model.predict(x), {...record, reduce: channelStats()});
      for (const name of ['conv', 'half', 'relu']) {
        const expected = expectedChannelStats(pick([plain], name, 0), axis);
        expect(expected.count).toHaveLength(3);
        expectChannelStatistics(capture.get(name).value, expected);
      }
    });
    model.dispose();
  });
});
