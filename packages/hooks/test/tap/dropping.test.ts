// Which calls are dropped when frames are not taken, how that is told, and that memory stays bounded.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import type {TapFrame} from '../../src/tapped-frame.js';
import {seeded} from '../fidelity/seeded-values.js';
import {frameOf, graph, image, net, settle, tap} from './tapped-models.js';

const model = net();
const x = seeded([1, 3], 1);
const call = (): void => {
  tf.dispose(model.predict(x));
};
const counts = ({index, dropped}: TapFrame) => [index, dropped];

test('the oldest, unless asked otherwise: two are held', async () => {
  const frames = tap(model);
  const first = frames.next();
  call();
  await first;
  for (let i = 0; i < 5; i++) {
    call();
    await settle();
  }
  expect(counts(await frameOf(frames.next()))).toEqual([4, 3]);
  expect(counts(await frameOf(frames.next()))).toEqual([5, 0]);
  await frames.return();
});

test('the oldest also among those that wait to be read', async () => {
  const frames = tap(model, {queue: 3});
  const waiting = [frames.next(), frames.next(), frames.next()];
  for (let i = 0; i < 5; i++) call();
  expect((await Promise.all(waiting.map(frameOf))).map(counts)).toEqual([
    [2, 2],
    [3, 0],
    [4, 0],
  ]);
  await frames.return();
});

test('the call itself, if all are being read', async () => {
  const frames = tap(model, {queue: 1, layers: 'a'});
  const first = frames.next();
  let finish!: () => void;
  const data = jest
    .spyOn(tf.Tensor.prototype, 'data')
    .mockReturnValueOnce(new Promise((resolve) => (finish = () => resolve(new Float32Array([1])))));
  call();
  await Promise.resolve(); // it is being read from now on
  call();
  call();
  finish();
  expect(counts(await frameOf(first))).toEqual([0, 0]);
  data.mockRestore();
  call();
  expect(counts(await frameOf(frames.next()))).toEqual([3, 2]);
  await frames.return();
});

test('the newest: it runs without capture', async () => {
  const frames = tap(model, {queue: 2, drop: 'newest'});
  const first = frames.next();
  call();
  await first;
  call();
  call();
  await settle();
  const kernel = tf.getKernel('_FusedMatMul', tf.getBackend());
  const seen: unknown[] = [];
  const put = (config: tf.KernelConfig) => {
    tf.unregisterKernel('_FusedMatMul', tf.getBackend());
    tf.registerKernel(config);
  };
  put({
    ...kernel,
    kernelFunc: (params) => {
      seen.push(params.attrs?.activation);
      return kernel.kernelFunc(params);
    },
  });
  try {
    call();
  } finally {
    put(kernel);
  }
  expect(seen).toEqual(['relu', 'elu', 'linear']); // fused: nothing was split
  expect(counts(await frameOf(frames.next()))).toEqual([1, 0]);
  expect(counts(await frameOf(frames.next()))).toEqual([2, 0]);
  call();
  expect(counts(await frameOf(frames.next()))).toEqual([4, 1]);
  await frames.return();
});

test('every call is a frame, was dropped before one, or threw, whatever the order of things', async () => {
  const wrong = tf.zeros([1, 2]);
  const turn = () => new Promise(setImmediate);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('call', 'throw', 'take', 'turn'), {maxLength: 30}),
      fc.integer({min: 1, max: 4}),
      fc.constantFrom('oldest' as const, 'newest' as const),
      async (steps, queue, drop) => {
        const {numTensors} = tf.memory();
        const frames = tap(model, {queue, drop, layers: 'a'});
        const taken = [frames.next()];
        let calls = 0;
        for (const step of steps) {
          if (step === 'call') call();
          if (step === 'throw') expect(() => model.predict(wrong)).toThrow();
          if (step === 'take') taken.push(frames.next());
          if (step === 'turn') await turn();
          if (step === 'call') calls++;
          expect(tf.memory().numTensors - numTensors).toBeLessThanOrEqual(queue);
        }
        await turn();
        for (let i = 0; i < queue; i++) taken.push(frames.next());
        await turn();
        // Now nothing is held, so that this one is delivered, and tells of all that were dropped since.
        call();
        taken.push(frames.next());
        await turn();
        await frames.return();
        const got = (await Promise.all(taken)).flatMap(({value}) => value ?? []);
        const indices = got.map(({index}) => index);
        expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
        expect(got.reduce((sum, {dropped}) => sum + dropped + 1, 0)).toBe(calls + 1);
        expect(tf.memory().numTensors).toBe(numTensors);
      },
    ),
    {numRuns: 60},
  );
  wrong.dispose();
});

describe('a thousand calls, and a consumer that does not keep up', () => {
  let graphModel: GraphModel;
  const picture = image();
  beforeAll(async () => {
    graphModel = await graph();
  });

  test.each(['LayersModel', 'GraphModel'])('%s', async (kind) => {
    const run = (): void => {
      tf.dispose(kind === 'LayersModel' ? model.predict(x) : graphModel.predict(picture));
    };
    run();
    const before = tf.memory();
    const frames = tap(kind === 'LayersModel' ? model : graphModel, {record: ['pre', 'post']});
    let next = frames.next();
    let last = -1;
    let most = 0;
    for (let i = 0; i < 1000; i++) {
      run();
      most = Math.max(most, tf.memory().numTensors - before.numTensors);
      if (i % 3 === 0) await Promise.resolve();
      if (i % 50 !== 0) continue;
      const frame = await frameOf(next);
      expect(frame.index - last - 1).toBe(frame.dropped);
      last = frame.index;
      next = frames.next();
    }
    await settle();
    expect(most).toBeLessThanOrEqual(2 * 2 * 6); // two calls of six hook points, of two tensors each
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numBytes: before.numBytes,
      numDataBuffers: before.numDataBuffers,
    });
    await frames.return();
  });
});

test('several who wait are served in order', async () => {
  const frames = tap(model, {queue: 4});
  const waiting = [frames.next(), frames.next(), frames.next()];
  for (let i = 0; i < 3; i++) {
    call();
    await settle();
  }
  expect((await Promise.all(waiting.map(frameOf))).map(({index}) => index)).toEqual([0, 1, 2]);
  await frames.return();
});
