// However a tap ends, models and their classes are what they were; and before it begins.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';
import type {Tap} from '../../src/model-tap.js';
import {seeded} from '../fidelity/seeded-values.js';
import {descriptorsOf, expectSameDescriptors} from './class-descriptors.js';
import {frameOf, graph, image, net, settle, tap} from './tapped-models.js';

const layersModel = net();
const rows = seeded([2, 3], 1);
const picture = image();
let graphModel: GraphModel;
beforeAll(async () => {
  graphModel = await graph();
  tf.dispose([layersModel.predict(rows), graphModel.predict(picture)]);
});

const KINDS = ['LayersModel', 'GraphModel'] as const;
const modelOf = (kind: (typeof KINDS)[number]) =>
  kind === 'LayersModel' ? layersModel : graphModel;
const call = (kind: (typeof KINDS)[number]): void => {
  tf.dispose(modelOf(kind).predict(kind === 'LayersModel' ? rows : picture));
};

/** Runs `fn`, and fails unless classes, model and memory are as before. */
async function expectUntouched(
  kind: (typeof KINDS)[number],
  fn: () => Promise<void>,
): Promise<void> {
  const descriptors = descriptorsOf(modelOf(kind));
  const {numTensors, numDataBuffers} = tf.memory();
  await fn();
  await settle();
  expectSameDescriptors(descriptorsOf(modelOf(kind)), descriptors);
  expect(tf.memory()).toMatchObject({numTensors, numDataBuffers});
}

describe.each(KINDS)('%s: everything is put back', (kind) => {
  const model = () => modelOf(kind);

  test('by break', () =>
    expectUntouched(kind, async () => {
      const calling = setInterval(() => {
        call(kind);
      }, 1);
      let count = 0;
      for await (const frame of tap(model())) {
        expect(frame.records.length).toBeGreaterThan(0);
        if (++count === 3) break;
      }
      clearInterval(calling);
    }));

  test('by an error in the loop', () =>
    expectUntouched(kind, async () => {
      const loop = async (): Promise<void> => {
        for await (const frame of tap(model())) throw new Error(`frame ${frame.index}`);
      };
      const looping = loop();
      call(kind);
      await expect(looping).rejects.toThrow('frame 0');
    }));

  test('by return, which ends all who wait', () =>
    expectUntouched(kind, async () => {
      const frames = tap(model());
      const waiting = [frames.next(), frames.next()];
      expect(await frames.return()).toEqual({done: true, value: undefined});
      call(kind);
      for (const one of waiting) expect(await one).toEqual({done: true, value: undefined});
      expect(await frames.next()).toEqual({done: true, value: undefined});
      call(kind);
    }));

  test('by throw', () =>
    expectUntouched(kind, async () => {
      const frames = tap(model());
      const waiting = frames.next();
      await expect(frames.throw(new Error('mine'))).rejects.toThrow('mine');
      expect((await waiting).done).toBe(true);
    }));

  test('with frames captured, and being read', () =>
    expectUntouched(kind, async () => {
      const frames = tap(model(), {queue: 3});
      const first = frames.next();
      call(kind);
      await frameOf(first);
      call(kind);
      await Promise.resolve();
      call(kind);
      await frames.return();
    }));

  test('by the signal, with and without events', () =>
    expectUntouched(kind, async () => {
      const controller = new AbortController();
      const frames = tap(model(), {signal: controller.signal});
      const waiting = frames.next();
      controller.abort();
      expect((await waiting).done).toBe(true);
      expect((await tap(model(), {signal: controller.signal}).next()).done).toBe(true);
      const polled = {aborted: false};
      const other = tap(model(), {signal: polled});
      const first = other.next();
      call(kind);
      await frameOf(first);
      const second = other.next();
      polled.aborted = true;
      call(kind);
      expect((await second).done).toBe(true);
    }));

  test('never installed, if nobody asks for a frame', () =>
    expectUntouched(kind, async () => {
      const before = descriptorsOf(model());
      const frames = tap(model());
      expectSameDescriptors(descriptorsOf(model()), before);
      call(kind);
      const next = frames.next();
      call(kind);
      expect((await frameOf(next)).index).toBe(0);
      const unused = tap(model());
      await frames.return();
      await unused.return();
    }));

  test('when it ends inside a scope that began after it, or begins inside one that ends before', () =>
    expectUntouched(kind, async () => {
      const before = tap(model());
      void before.next();
      let within!: Tap;
      const capture = withCapture(() => {
        void before.return();
        within = tap(model());
        void within.next();
        call(kind);
      });
      capture.dispose();
      call(kind);
      await within.return();
    }));

  test('when two end in the order in which they began', () =>
    expectUntouched(kind, async () => {
      const [first, second] = [tap(model()), tap(model())];
      void first.next();
      const next = second.next();
      await first.return();
      call(kind);
      expect((await frameOf(next)).index).toBe(0);
      await second.return();
    }));
});

test('while it goes on, the model itself is untouched', async () => {
  const own = Object.getOwnPropertyDescriptors(graphModel);
  const frames = tap(graphModel);
  const next = frames.next();
  tf.dispose(graphModel.predict(picture));
  expectSameDescriptors([Object.getOwnPropertyDescriptors(graphModel)], [own]);
  await next;
  await frames.return();
});

test('ends with the error, if values cannot be read', async () => {
  const frames = tap(layersModel, {layers: 'a', queue: 1});
  const [next, another] = [frames.next(), frames.next()];
  const read = jest.spyOn(tf.Tensor.prototype, 'data').mockRejectedValue(new Error('lost'));
  const {numTensors} = tf.memory();
  tf.dispose(layersModel.predict(rows));
  await expect(next).rejects.toThrow('lost');
  expect((await another).done).toBe(true);
  expect(tf.memory().numTensors).toBe(numTensors);
  const unheard = tap(layersModel, {layers: 'a'});
  read.mockRestore();
  const first = unheard.next();
  tf.dispose(layersModel.predict(rows));
  await first;
  const again = jest.spyOn(tf.Tensor.prototype, 'data').mockRejectedValue(new Error('lost'));
  tf.dispose(layersModel.predict(rows));
  await settle();
  again.mockRestore();
  await expect(unheard.next()).rejects.toThrow('lost');
  expect((await unheard.next()).done).toBe(true);
});
