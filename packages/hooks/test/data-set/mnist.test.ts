// A data set through a trained network in one scope: 10,000 digits on WASM, fewer on the CPU backend, which takes
// a hundred times as long for each.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import type {Sequential} from '@tensorflow/tfjs-layers';
import {channelStats, withCapture} from '@tfjs-capture/hooks';
import type {ChannelStats, ReducedCapture} from '@tfjs-capture/hooks';
import {ChannelSums} from './channel-sums.js';
import {HOOK_POINTS, trainedClassifier} from './digit-classifier.js';
import {memoryNow} from './memory-now.js';
import type {MemoryNow} from './memory-now.js';
import {mnistDigits} from './mnist-digits.js';
import type {Digits} from './mnist-digits.js';

const DIGITS = TFJS_BACKEND === 'wasm' ? 10_000 : 100;
const CHUNK = DIGITS / 20;
/** Fifty passes per chunk, so that what a pass leaves behind adds up. */
const BATCH = Math.max(1, CHUNK / 50);

const names = Object.keys(HOOK_POINTS) as (keyof typeof HOOK_POINTS)[];

let model: Sequential;
let digits: Digits;
let plain: Tensor;
let expected: ReadonlyMap<string, ChannelStats>;

const predict = (images: Tensor, batchSize: number): Tensor =>
  model.predict(images, {batchSize}) as Tensor;

const chunks = (): Tensor4D[] => tf.split(digits.images, DIGITS / CHUNK);

beforeAll(async () => {
  model = await trainedClassifier();
  digits = mnistDigits('t10k', DIGITS);
  plain = predict(digits.images, CHUNK);
  expected = statisticsOfCaptures();
});

/** By capturing every value of every digit, a chunk at a time. */
function statisticsOfCaptures(): ReadonlyMap<string, ChannelStats> {
  const sums = new Map(names.map((name) => [name, new ChannelSums(HOOK_POINTS[name])]));
  for (const chunk of chunks()) {
    const capture = withCapture(() => predict(chunk, CHUNK));
    for (const [name, sum] of sums) sum.add(capture.pre(name));
    capture.dispose();
    tf.dispose([capture.result, chunk]);
  }
  return new Map([...sums].map(([name, sum]) => [name, sum.statistics()]));
}

test('the network has learnt what digits look like', () => {
  const isRight = tf.equal(tf.argMax(plain, 1), digits.labels);
  const [accuracy] = tf.mean(tf.cast(isRight, 'float32')).dataSync();
  expect(accuracy).toBeGreaterThan(0.9);
});

test('one predict gives the statistics of every value, and its own result', () => {
  const capture = withCapture(() => predict(digits.images, CHUNK), {reduce: channelStats()});
  expectStatistics(capture);
  expect(tf.all(tf.equal(capture.result, plain)).dataSync()).toEqual(Uint8Array.of(1));
  expect(capture.memory()).toEqual({tensors: 0, bytes: 0});
  capture.result.dispose();
});

test('chunks in one scope give the same, and memory stays where it is', () => {
  const memory: MemoryNow[] = [];
  const images = chunks();
  const capture = withCapture(
    () => {
      for (const chunk of images) {
        predict(chunk, BATCH).dispose();
        memory.push(memoryNow());
      }
    },
    {reduce: channelStats()},
  );
  tf.dispose(images);
  expectStatistics(capture);
  // From a fifth on, when everything has been compiled and is as large as it gets.
  const later = memory.slice(memory.length / 5 - 1);
  const [first] = later.map(({heapBytes: _, ...others}) => others);
  for (const now of later) expect(now).toMatchObject(first!);
  expect(medianHeap(later.slice(-5)) - medianHeap(later.slice(0, 5))).toBeLessThan(SLACK);
});

/**
 * Half of what it grows by if a record of each pass is kept, with a number in the tensor's place: 1.6 MB. What V8
 * compiles comes and goes, some 0.3 MB of it, with and without us.
 */
const SLACK = 800_000;

const medianHeap = (memory: readonly MemoryNow[]): number =>
  memory.map(({heapBytes}) => heapBytes).sort((a, b) => a - b)[memory.length >> 1]!;

function expectStatistics(capture: ReducedCapture<unknown, ChannelStats>): void {
  expect(capture.records.map(({name}) => name)).toEqual(names);
  for (const name of names) {
    const got = capture.get(name).value!;
    const wanted = expected.get(name)!;
    const {mean, variance, ...exact} = wanted;
    expect(got).toMatchObject(exact);
    for (const [channel, spread] of variance.entries()) {
      expect(Math.abs(got.mean[channel]! - mean[channel]!)).toBeLessThan(1e-9 * Math.sqrt(spread));
      expect(got.variance[channel]! / spread).toBeCloseTo(1, 9);
    }
  }
}
