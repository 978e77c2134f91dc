// Browsers have nothing that follows a scope through asynchronous code. This file takes it away from
// Node before the first scope opens.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {customOpGraph, ticks, whileCustom} from '../graph-models/custom-ops.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {descriptorsOf, expectSameDescriptors} from './class-descriptors.js';
import {frameOf, settle, tap} from './tapped-models.js';

Object.defineProperty(process, 'getBuiltinModule', {value: undefined});

const x = seeded([2, 3], 1);
let model: GraphModel;
let plain: Tensor;
const slowly = async (input: Tensor): Promise<Tensor> => {
  await ticks();
  return tf.clone(input);
};
beforeAll(async () => {
  model = await buildGraphModel(customOpGraph());
  plain = model.execute(x) as Tensor;
});
beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Runs a call and compares its result with that of the model alone. */
async function call(method: 'execute' | 'executeAsync' | 'predictAsync'): Promise<void> {
  const y = (await model[method](x)) as Tensor;
  expectSameBits(method, y, plain);
  y.dispose();
}

test('an asynchronous call in a scope that is open runs plainly, and counts as dropped', async () => {
  const descriptors = descriptorsOf(model);
  const before = tf.memory().numTensors;
  const taps = [tap(model), tap(model)];
  const waiting = taps.map((one) => one.next());
  const around = await withCapture(() => whileCustom(slowly, () => call('predictAsync')));
  expect(around.names()).toEqual(['fused', 'swish', 'tanh']);
  const meanwhile = withCapture(ticks);
  await whileCustom(slowly, () => call('executeAsync'));
  (await meanwhile).dispose();
  around.dispose();
  await call('executeAsync');
  await call('execute');
  const [inner, outer] = await Promise.all(waiting.map(frameOf));
  // Of the third call one tap's scope is in the other's.
  expect([outer!.index, outer!.dropped]).toEqual([2, 2]);
  expect([inner!.index, inner!.dropped]).toEqual([3, 3]);
  for (const {records} of [inner!, outer!]) {
    expect(records.map(({name}) => name)).toEqual(['fused', 'swish', 'tanh']);
  }
  for (const one of taps) await one.return();
  await settle();
  expectSameDescriptors(descriptorsOf(model), descriptors);
  expect(tf.memory().numTensors).toBe(before);
});

test.each([
  ['asynchronous', () => model.executeAsync(x, 'fused')],
  ['synchronous', () => model.execute(x, 'fused')],
] as const)('no frame is mixed up with another call of the model: %s', async (kind, other) => {
  const before = tf.memory().numTensors;
  const frames = tap(model, {queue: 4});
  const waiting = [frames.next(), frames.next()];
  await whileCustom(slowly, async () => {
    const first = call('executeAsync');
    tf.dispose(await other());
    await first;
  });
  await call('executeAsync');
  const [first, second] = [await frameOf(waiting[0]!), waiting[1]!];
  if (kind === 'synchronous') {
    expect(first.records.map(({name}) => name)).toEqual(['fused']);
    expect([first.index, (await frameOf(second)).dropped]).toEqual([1, 1]);
  } else {
    expect(first.records.map(({name}) => name)).toEqual(['fused', 'swish', 'tanh']);
    expect([first.index, first.dropped]).toEqual([2, 2]);
  }
  await frames.return();
  expect(tf.memory().numTensors).toBe(before);
});
