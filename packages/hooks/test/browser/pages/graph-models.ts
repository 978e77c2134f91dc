/** What the tests of GraphModels run inside a page. Each function returns plain data. */
import {GraphModel, loadGraphModel} from '@tensorflow/tfjs-converter';
import {clipByValue, dispose, io, ones, relu, sigmoid, softmax} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {bindTo, withCapture} from '@tfjs-capture/hooks';
import type {ActivationRecord} from '@tfjs-capture/hooks';
import {seeded} from '../../fidelity/seeded-values.js';
import {countChangedKernels, memoryNow} from './left-behind.js';
import type {Memory} from './left-behind.js';
import {startBackend} from './start-backend.js';
import {TINY_INPUT, tinyGraph} from './tiny-graph.js';

interface CapturedPoint {
  readonly name: string;
  readonly activation: string | null;
  readonly smallestPre: number;
  /** The largest difference between `post` and what tfjs's operation makes of `pre`. */
  readonly error: number;
}

interface CapturedGraph {
  readonly points: CapturedPoint[];
  /** How many values of the outputs differ from those of plain predict. */
  readonly differing: number;
  readonly values: number;
  readonly before: Memory;
  readonly after: Memory;
  readonly changedKernels: number;
}

/** The names of a capture that does not know GraphModel's class, twice, and what `model` does then. */
async function captureUnbound(): Promise<{names: string[][]; message: string}> {
  const model = await loadGraphModel(io.fromMemory(tinyGraph()));
  const run = () => {
    dispose(model.predict(ones([...TINY_INPUT])));
  };
  const captures = [withCapture(run), withCapture(run)];
  const names = captures.map((capture) => capture.names());
  for (const capture of captures) capture.dispose();
  try {
    withCapture(run, {model});
    return {names, message: 'none'};
  } catch (error) {
    return {names, message: String(error)};
  }
}

async function captureTiny(): Promise<CapturedGraph> {
  const model = await loadGraphModel(io.fromMemory(tinyGraph()));
  return captureGraph(model, seeded(TINY_INPUT, 4));
}

/** @param path of a model.json of this server's */
async function capturePretrained(path: string, shape: readonly number[]): Promise<CapturedGraph> {
  return captureGraph(await loadGraphModel(path), seeded(shape, 4, 1));
}

async function captureGraph(model: GraphModel, x: Tensor): Promise<CapturedGraph> {
  const plain = listOf(model.predict(x));
  const before = memoryNow();
  const capture = bindTo({GraphModel}).withCapture(() => listOf(model.predict(x)), {
    record: ['pre', 'post'],
  });
  const points: CapturedPoint[] = [];
  for (const record of capture) points.push(await pointOf(record));
  let differing = 0;
  let values = 0;
  for (const [i, output] of capture.result.entries()) {
    differing += (await compare(output, plain[i]!)).differing;
    values += output.size;
    output.dispose();
  }
  capture.dispose();
  const after = memoryNow();
  return {points, differing, values, before, after, changedKernels: countChangedKernels()};
}

const listOf = (outputs: unknown): Tensor[] => [outputs].flat() as Tensor[];

async function pointOf({name, activation, pre, post}: ActivationRecord): Promise<CapturedPoint> {
  const activated = activate(activation, pre!);
  const {error} = await compare(activated, post!);
  activated.dispose();
  const smallestPre = [...(await pre!.data())].reduce((a, b) => Math.min(a, b), 0);
  return {name, activation, smallestPre, error};
}

function activate(activation: string | null, x: Tensor): Tensor {
  if (activation === 'relu') return relu(x);
  if (activation === 'relu6') return clipByValue(x, 0, 6);
  if (activation === 'sigmoid') return sigmoid(x);
  if (activation === 'softmax') return softmax(x);
  throw new Error(`No graph of this page has the activation ${activation}.`);
}

async function compare(a: Tensor, b: Tensor): Promise<{differing: number; error: number}> {
  if (a.shape.join() !== b.shape.join()) throw new Error(`Shapes differ: ${a.shape}, ${b.shape}.`);
  const [x, y] = [await a.data(), await b.data()];
  let differing = 0;
  let error = 0;
  for (let i = 0; i < x.length; i++) {
    if (!Object.is(x[i], y[i])) differing++;
    error = Math.max(error, Math.abs(x[i]! - y[i]!));
  }
  return {differing, error};
}

const inPage = {startBackend, captureUnbound, captureTiny, capturePretrained};
export type GraphModelsPage = typeof inPage;
Object.assign(globalThis, {inPage});
