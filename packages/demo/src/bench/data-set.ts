/**
 * What reducers cost over a data set: 10,000 digits through a network that has been trained on others, in one
 * scope, to plain predict in turn.
 *
 * Once by one `predict`, of whose time a large part is WASM's Slice kernel, which reads all of its input for each batch;
 * and once batch by batch, which takes what the network takes.
 */
import {dispose, split, train} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {channelStats, registerGradientKernels, withCapture} from '@tfjs-capture/hooks';
import {startWasmBackend} from '../wasm-backend.js';
import {buildConvNet} from './conv-net-model.js';
import {digitsOf} from './digits.js';
import {drawTable} from './draw-table.js';
import {measureInterleaved} from './measure-interleaved.js';
import {significant} from './number-format.js';
import {PLAIN, PLAIN_AGAIN} from './plain-variants.js';
import {CHANNEL_STATS} from './reducer-variants.js';
import type {TimedVariant} from './variant.js';

const DIGITS = 10_000;
/** What `predict` cuts its input into, unless told. */
const BATCH = 32;
const TRAINED_ON = 1_600;

async function trainedConvNet(): Promise<LayersModel> {
  const {images, classes} = digitsOf('training', TRAINED_ON);
  const net = buildConvNet();
  const unregister = registerGradientKernels('wasm');
  net.compile({optimizer: train.adam(0.002), loss: 'categoricalCrossentropy'});
  await net.fit(images, classes, {batchSize: 8});
  unregister();
  dispose([images, classes]);
  return net;
}

function batchesOf(images: Tensor): Tensor[] {
  const whole = Math.floor(DIGITS / BATCH);
  return split(images, [...Array<number>(whole).fill(BATCH), DIGITS - whole * BATCH]);
}

/** @param predict all digits once, leaving nothing behind */
function variantsOf(predict: () => void): TimedVariant[] {
  const named = (name: string, run: () => void) => ({name, isBudgeted: true, run});
  return [
    named(PLAIN, predict),
    named(PLAIN_AGAIN, predict),
    named(CHANNEL_STATS, () => {
      withCapture(predict, {reduce: channelStats()}).dispose();
    }),
  ];
}

await startWasmBackend();
const net = await trainedConvNet();
const {images, classes} = digitsOf('testing', DIGITS);
dispose(classes);
const batches = batchesOf(images);
const ways = {
  'one predict': () => {
    dispose(net.predict(images));
  },
  'batch by batch': () => {
    for (const batch of batches) dispose(net.predict(batch));
  },
};
const rows: string[][] = [];
for (const [way, predict] of Object.entries(ways)) {
  const timings = await measureInterleaved(variantsOf(predict), {
    seconds: 150,
    fewestSamples: 1,
    onProgress: (sentence) => {
      console.error(`  ${DIGITS} digits, ${way}: ${sentence}`);
    },
  });
  for (const [{name}, {milliseconds, ratio}] of timings) {
    const interval = `${ratio.low.toFixed(3)}–${ratio.high.toFixed(3)}`;
    const seconds = significant(milliseconds.median / 1000);
    rows.push([way, name, seconds, ratio.median.toFixed(3), interval, `${ratio.samples}`]);
  }
}
const head = ['digits', 'variant', 'median s', '× plain', '95 % interval', 'samples'];
console.log(drawTable({head, rows}));
