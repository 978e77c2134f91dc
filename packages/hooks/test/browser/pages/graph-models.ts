/** What the tests of GraphModels run inside a page. Each function returns plain data. */
import {GraphModel, loadGraphModel} from '@tensorflow/tfjs-converter';
import {clipByValue, io, relu, sigmoid} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {bindTo, withCapture as unbound} from '@tfjs-capture/hooks';
import type {ActivationRecord, Capture} from '@tfjs-capture/hooks';
import {seeded} from '../../fidelity/seeded-values.js';
import {countChangedKernels, kernelsNow, memoryNow} from './left-behind.js';
import type {Memory} from './left-behind.js';
import {startBackend} from './start-backend.js';
import {TINY_INPUT, tinyGraph} from './tiny-graph.js';

/** How GraphModel's class gets known. */
export type Binding = 'bindTo' | 'model';

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

async function captureTiny(binding: Binding): Promise<CapturedGraph> {
  const model = await loadGraphModel(io.fromMemory(tinyGraph()));
  return captureGraph(model, seeded(TINY_INPUT, 4), binding);
}

/** @param path of a model.json of this server's */
async function capturePretrained(
  path: string,
  shape: readonly number[],
  binding: Binding,
): Promise<CapturedGraph> {
  return captureGraph(await loadGraphModel(path), seeded(shape, 4, 1), binding);
}

async function captureGraph(
  model: GraphModel,
  x: Tensor,
  binding: Binding,
): Promise<CapturedGraph> {
  const plain = listOf(model.predict(x));
  const kernels = kernelsNow();
  const before = memoryNow();
  const capture = captureBy(binding, model, () => listOf(model.predict(x)));
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
  return {points, differing, values, before, after, changedKernels: countChangedKernels(kernels)};
}

function captureBy(binding: Binding, model: GraphModel, run: () => Tensor[]): Capture<Tensor[]> {
  const record = ['pre', 'post'] as const;
  return binding === 'bindTo'
    ? bindTo({GraphModel}).withCapture(run, {record})
    : unbound(run, {record, model});
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

const inPage = {startBackend, captureTiny, capturePretrained};
export type GraphModelsPage = typeof inPage;
Object.assign(globalThis, {inPage});
