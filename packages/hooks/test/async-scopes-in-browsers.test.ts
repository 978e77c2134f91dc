// Browsers have nothing that follows a scope through asynchronous code. This file takes it away from
// Node before the first scope opens.
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {ScopeOverlapError, withCapture} from '@tfjs-capture/hooks';
import {footprint} from './footprint.js';

Object.defineProperty(process, 'getBuiltinModule', {value: undefined});

const model = tfl.sequential({
  layers: [tfl.layers.dense({name: 'd', units: 2, activation: 'relu', inputShape: [2]})],
});
const x = tf.ones([1, 2]);
const run = (): void => {
  tf.dispose(model.predict(x));
};
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
run();

test('one asynchronous scope works', async () => {
  const capture = await withCapture(async () => {
    run();
    await tick();
    run();
  });
  expect(capture.records).toHaveLength(2);
  capture.dispose();
});

test('a second one that would overlap it is refused, and the first one is not disturbed', async () => {
  const before = footprint(model);
  const first = withCapture(async () => {
    await tick();
    run();
  });
  const second = withCapture(async () => {
    run();
    await tick();
    throw new Error('nobody hears this');
  });
  await expect(second).rejects.toBeInstanceOf(ScopeOverlapError);
  await expect(second).rejects.toThrow(
    /withCapture: .*, got a second one .*\. Await the first one/,
  );
  const capture = await first;
  expect(capture.names()).toEqual(['d']);
  for (const each of [capture]) each.dispose();
  await tick();
  expect(footprint(model)).toEqual(before);
});

test('one after the other is no overlap, also after a rejection', async () => {
  await expect(withCapture(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  const capture = await withCapture(async () => {
    await tick();
    run();
  });
  expect(capture.records).toHaveLength(1);
});

test('a synchronous scope may open inside', async () => {
  const outer = await withCapture(async () => {
    await tick();
    return withCapture(run).records.length;
  });
  expect([outer.result, outer.records.length]).toEqual([1, 1]);
});
