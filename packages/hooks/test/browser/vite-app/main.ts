/** A web app that captures what goes into its model's activations, and shows it. */
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import {GraphModel, loadGraphModel} from '@tensorflow/tfjs-converter';
import {io, ones, setBackend, tensor1d, tensor2d} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {bindTo, withCapture} from '@tfjs-capture/hooks';
import {TINY_INPUT, tinyGraph} from '../pages/tiny-graph.js';

setWasmPaths('/tfjs-backend-wasm/');
await setBackend('wasm');

const model = sequential({
  layers: [
    layers.dense({name: 'hidden', units: 2, activation: 'relu', inputShape: [2]}),
    layers.dense({name: 'gate', units: 2, activation: 'swish'}),
  ],
});
model.setWeights([
  tensor2d([1, 2, 3, -4], [2, 2]),
  tensor1d([0, 1]),
  tensor2d([1, -1, 1, -1], [2, 2]),
  tensor1d([0, 0]),
]);
const x = tensor2d([1, 1], [1, 2]);

const plain = model.predict(x) as Tensor;
using capture = withCapture(() => model.predict(x) as Tensor, {record: ['pre', 'post']});

const graph = await loadGraphModel(io.fromMemory(tinyGraph()));
using ofGraph = bindTo({GraphModel}).withCapture(() => graph.predict(ones([...TINY_INPUT])));

const shown = {
  names: capture.names(),
  nodes: ofGraph.names(),
  activations: capture.records.map(({activation}) => activation),
  hidden: [...(await capture.pre('hidden').data())],
  gate: [...(await capture.pre('gate').data())],
  plain: [...(await plain.data())],
  result: [...(await capture.result.data())],
};
export type Shown = typeof shown;
document.querySelector('#captured')!.textContent = JSON.stringify(shown);
