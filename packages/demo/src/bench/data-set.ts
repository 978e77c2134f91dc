/**
 * What reducers cost over a data set: 10,000 images in one tensor, in one scope, to plain predict in turn.
 *
 * Half of plain predict's time is its own copying: WASM's Slice kernel reads all of its input for each batch.
 */
import {randomUniform} from '@tensorflow/tfjs-core';
import {startWasmBackend} from '../wasm-backend.js';
import {buildConvNet} from './conv-net-model.js';
import {drawTable} from './draw-table.js';
import {measureInterleaved} from './measure-interleaved.js';
import {significant} from './number-format.js';
import {plainVariants} from './plain-variants.js';
import {CHANNEL_STATS, reducerVariants} from './reducer-variants.js';

const IMAGES = 10_000;

await startWasmBackend();
const subject = {
  model: buildConvNet(),
  input: randomUniform([IMAGES, 28, 28, 1], 0, 1, 'float32', 1),
};
const reducers = reducerVariants(subject).filter(({name}) => name === CHANNEL_STATS);
const timings = await measureInterleaved([...plainVariants(subject), ...reducers], {
  seconds: 240,
  fewestSamples: 1,
  onProgress: (sentence) => {
    console.error(`  conv net on ${IMAGES} images: ${sentence}`);
  },
});
const rows = [...timings].map(([{name}, {milliseconds, ratio}]) => [
  name,
  significant(milliseconds.median / 1000),
  ratio.median.toFixed(3),
  `${ratio.low.toFixed(3)}–${ratio.high.toFixed(3)}`,
  `${ratio.samples}`,
]);
const head = ['variant', 'median s', '× plain', '95 % interval', 'samples'];
console.log(drawTable({head, rows}));
