/** What the tests of the script-tag build run in pages that load everything by <script> tags. */
import type * as Tensorflow from '@tensorflow/tfjs';
import type * as TfjsCapture from '@tfjs-capture/hooks';
import {TINY_INPUT, tinyGraph} from './tiny-graph.js';

declare const tf: typeof Tensorflow & {
  readonly wasm: {setWasmPaths(prefix: string): void};
};
declare const tfjsCapture: typeof TfjsCapture;

interface Captured {
  readonly backend: string;
  readonly names: string[];
  readonly activations: (string | null)[];
  readonly tensorsOfThePage: boolean;
  readonly hidden: number[];
  readonly inner: number[];
  readonly result: number[];
  readonly plain: number[];
  readonly tensorsLeft: number;
}

const exported = (): string[] => Object.keys(tfjsCapture).sort();

async function captureLayers(): Promise<Captured> {
  if (!(await tf.setBackend('wasm')))
    throw new Error('TensorFlow.js cannot start its wasm backend.');
  const model = buildModel();
  const x = tf.tensor2d([1, 1], [1, 2]);
  const plain = model.predict(x) as Tensorflow.Tensor;
  const before = tf.memory().numTensors;
  const capture = tfjsCapture.withCapture(() => model.predict(x) as Tensorflow.Tensor);
  const hidden = capture.pre('hidden');
  const found = {
    backend: tf.getBackend(),
    names: capture.names(),
    activations: capture.records.map(({activation}) => activation),
    tensorsOfThePage: hidden instanceof tf.Tensor && capture.result instanceof tf.Tensor,
    hidden: [...(await hidden.data())],
    inner: [...(await capture.pre('inner').data())],
    result: [...(await capture.result.data())],
    plain: [...(await plain.data())],
  };
  capture.result.dispose();
  capture.dispose();
  return {...found, tensorsLeft: tf.memory().numTensors - before};
}

/** The names that a GraphModel's nodes get, with the API as it is and as `bindTo` binds it. */
async function captureGraph(): Promise<{found: string[]; bound: string[]}> {
  await tf.setBackend('wasm');
  const model = await tf.loadGraphModel(tf.io.fromMemory(tinyGraph()));
  const run = () => tf.dispose(model.predict(tf.ones([...TINY_INPUT])));
  const found = tfjsCapture.withCapture(run);
  const bound = tfjsCapture.bindTo(tf).withCapture(run);
  const names = {found: found.names(), bound: bound.names()};
  for (const capture of [found, bound]) capture.dispose();
  return names;
}

/** Two dense layers, the second one in a nested model, with weights to compute by hand. */
function buildModel(): Tensorflow.LayersModel {
  const encoder = tf.sequential({
    name: 'encoder',
    layers: [tf.layers.dense({name: 'inner', units: 2, activation: 'swish', inputShape: [2]})],
  });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({name: 'hidden', units: 2, activation: 'relu', inputShape: [2]}),
      encoder,
    ],
  });
  model.setWeights([
    tf.tensor2d([1, 2, 3, -4], [2, 2]),
    tf.tensor1d([0, 1]),
    tf.tensor2d([1, -1, 1, -1], [2, 2]),
    tf.tensor1d([0, 0]),
  ]);
  return model;
}

/** What `withCapture` throws. */
function errorOfCapture(): string {
  try {
    tfjsCapture.withCapture(() => 1);
    return 'none';
  } catch (error) {
    return String(error);
  }
}

const inPage = {exported, captureLayers, captureGraph, errorOfCapture};
export type ScriptTagPage = typeof inPage;
Object.assign(globalThis, {inPage});
