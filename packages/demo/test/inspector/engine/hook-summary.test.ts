import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {channelSummaries} from '../../../inspector/engine/channel-summaries.js';
import {describePoint} from '../../../inspector/engine/hook-summary.js';
import {layoutOf} from '../../../inspector/engine/map-layout.js';
import {runModel} from '../../../inspector/engine/run-model.js';
import {zeroEdgedHistogram} from '../../../inspector/engine/zero-edged-histogram.js';
import {statisticsOf} from '../../../src/report/statistics.js';
import {pointOf} from './captured.js';

/** Of values with one channel. */
const only = (activation: string, pre: number[], post = pre) =>
  channelSummaries({
    activation,
    pre: Float32Array.from(pre),
    post: Float32Array.from(post),
    shape: [1, pre.length, 1],
    layout: layoutOf([1, pre.length, 1], 2),
  })[0]!;

describe('flags', () => {
  test('dead: never above 0, where that gives 0', () => {
    expect(only('relu', [-1, 0, -0.5]).isDead).toBe(true);
    expect(only('relu6', [-1, -Infinity]).isDead).toBe(true);
    expect(only('relu', [-1, 0, 1e-30]).isDead).toBe(false);
    // A unit that gives NaN is not dead.
    expect(only('relu', [-1, NaN]).isDead).toBe(false);
    for (const other of ['elu', 'leakyrelu', 'sigmoid', 'gelu']) {
      expect(only(other, [-1, -2]).isDead).toBe(false);
    }
  });

  test('saturated: wholly where the function is flat', () => {
    expect(only('sigmoid', [-9, 9, Infinity]).isSaturated).toBe(true);
    expect(only('sigmoid', [-9, 9, 4]).isSaturated).toBe(false);
    expect(only('tanh', [2.2, -2.2]).isSaturated).toBe(true);
    expect(only('relu6', [6, 7]).isSaturated).toBe(true);
    expect(only('relu6', [6, -1]).isSaturated).toBe(false);
    expect(only('sigmoid', [9, NaN]).isSaturated).toBe(false);
    // What is dead is not saturated.
    expect(only('relu', [-9, -8])).toMatchObject({isDead: true, isSaturated: false});
  });

  test('none where there are no values', () => {
    expect(only('relu', [])).toMatchObject({isDead: false, isSaturated: false, nonPositive: 0});
  });

  test('not finite: before or after', () => {
    expect(only('relu', [1, NaN, -Infinity], [1, NaN, 0]).nonFinite).toBe(3);
    expect(only('exp', [1, 100], [2.7, Infinity]).nonFinite).toBe(1);
  });
});

test('statistics of a channel are of its finite values', () => {
  expect(only('relu', [-2, 3, NaN, Infinity], [0, 3, NaN, Infinity])).toEqual({
    channel: 0,
    activity: 1.5,
    min: -2,
    max: 3,
    nonPositive: 0.25,
    isDead: false,
    isSaturated: false,
    nonFinite: 4,
  });
  expect(only('relu', [NaN], [NaN])).toMatchObject({min: NaN, max: NaN, activity: 0});
});

test.each([
  ['last', [2, 3, 4, 5], 3],
  ['first', [2, 5, 3, 4], 1],
] as const)('channels %s are told apart', (_, shape, channelAxis) => {
  const pre = Float32Array.from({length: 120}, (_, index) => Math.sin(3 * index) - 0.1);
  const post = pre.map((value) => Math.max(0, value));
  const all = channelSummaries({
    ...{pre, post, shape, activation: 'relu'},
    layout: layoutOf(shape, channelAxis),
  });
  expect(all).toHaveLength(5);
  for (const {channel, activity, min, max, nonPositive} of all) {
    const of = (values: Float32Array) =>
      [...values].filter((_, at) => (channelAxis === 1 ? Math.floor(at / 12) : at) % 5 === channel);
    const before = statisticsOf(of(pre));
    expect({min, max, nonPositive}).toEqual({
      min: before.min,
      max: before.max,
      nonPositive: before.nonPositive,
    });
    expect(activity).toBeCloseTo(statisticsOf(of(post)).mean, 12);
  }
});

test('a run counts the channels that it flags', async () => {
  const model = sequential({
    layers: [
      layers.dense({name: 'relu', units: 3, activation: 'relu', inputShape: [3]}),
      layers.dense({name: 'sigmoid', units: 3, activation: 'sigmoid'}),
    ],
  });
  // A bias far below 0 for the first unit, one far above for the second.
  model.layers[0]!.setWeights([tf.eye(3), tf.tensor1d([-100, 100, 0])]);
  model.layers[1]!.setWeights([tf.eye(3), tf.zeros([3])]);
  const describe = async (values: number[]) => {
    const x = tf.tensor2d([values]);
    const {points} = await runModel(model, [x], [], () => undefined);
    x.dispose();
    return points.map((point, index) => describePoint(point, index));
  };
  const [relu, sigmoid] = await describe([1, 1, 1]);
  expect(relu!.channels.map(({isDead}) => isDead)).toEqual([true, false, false]);
  expect(relu!.summary).toMatchObject({dead: 1, saturated: 0, nonFinite: 0});
  // 0, 101 and 1 go into the sigmoids.
  expect(sigmoid!.channels.map(({isSaturated}) => isSaturated)).toEqual([false, true, false]);
  expect(sigmoid!.summary).toMatchObject({dead: 0, saturated: 1, nonFinite: 0});

  // 0 times NaN is NaN, so all units have it.
  const [planted] = await describe([1, 1, NaN]);
  expect(planted!.summary).toMatchObject({dead: 0, saturated: 0, nonFinite: 3});
  expect(planted!.summary.pre.nonFinite).toBe(3);
  model.dispose();
});

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

test('describes both sides by the statistics of the demo', () => {
  const pre = Float32Array.of(-1, 0, 2, NaN);
  const post = Float32Array.of(0, 0, 2, NaN);
  const {summary} = describePoint(pointOf({shape: [1, 4], pre, post, name: 'a/b'}), 7);
  expect(summary).toMatchObject({index: 7, name: 'a/b', path: ['a', 'b'], shape: [1, 4]});
  expect(summary.pre).toEqual(statisticsOf(pre));
  expect(summary.post).toEqual(statisticsOf(post));
  expect(summary.layout).toEqual({height: 1, width: 1, channels: 4, channelAxis: 1});
});

describe('the histogram', () => {
  const of = (...values: number[]) => {
    const floats = Float32Array.from(values);
    const {min, max} = statisticsOf(floats);
    return zeroEdgedHistogram(floats, min, max);
  };
  const countsAround = ({edges, counts}: ReturnType<typeof of>) => {
    const zero = edges.indexOf(0);
    return [sumOf(counts.slice(0, zero)), sumOf(counts.slice(zero))];
  };

  test.each([
    [[-1, 1]],
    [[-1, -1e-9, 0, 1e-9, 3]],
    [[-1e-6, 1]],
    [[-1, 1e-6]],
    [[-3e38, 3e38, 5]],
    [[0, 2]],
    [[-2, 0]],
    [[-1e-45, 1e-45]],
  ])('has an edge at 0, holds all, and parts them by their sign: %j', (values) => {
    const histogram = of(...values);
    const {edges, counts} = histogram;
    expect(edges).toHaveLength(counts.length + 1);
    expect(edges).toContain(0);
    expect(edges[0]).toBeLessThanOrEqual(Math.min(...values.map(Math.fround)));
    expect(edges.at(-1)).toBeGreaterThanOrEqual(Math.max(...values.map(Math.fround)));
    for (const [index, edge] of edges.slice(1).entries())
      expect(edge).toBeGreaterThan(edges[index]!);
    const negative = values.filter((value) => value < 0).length;
    if (Math.max(...values) > 0) {
      expect(countsAround(histogram)).toEqual([negative, values.length - negative]);
    }
    expect(sumOf(counts)).toBe(values.length);
  });

  test('counts by hand', () => {
    // 48 bins of 0.25 from -6 to 6.
    const {edges, counts} = of(-6, -0.1, 0, 0.24, 0.25, 6);
    expect(edges.slice(23, 26)).toEqual([-0.25, 0, 0.25]);
    expect(counts.slice(22, 27)).toEqual([0, 1, 2, 1, 0]);
    expect([counts[0], counts[47]]).toEqual([1, 1]);
  });

  test('one value alone, and none', () => {
    expect(sumOf(of(5, 5, 5).counts)).toBe(3);
    expect(of(5, 5, 5).edges).not.toContain(0);
    expect(countsAround(of(0, 0))).toEqual([0, 2]);
    expect(sumOf(of(NaN, Infinity).counts)).toBe(0);
    expect(of(NaN).edges.every(Number.isFinite)).toBe(true);
  });

  test('leaves out what is not finite', () => {
    expect(sumOf(of(-1, NaN, Infinity, -Infinity, 1).counts)).toBe(2);
  });
});
