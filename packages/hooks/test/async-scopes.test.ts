import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {withCapture} from '@tfjs-capture/hooks';
import {footprint} from './footprint.js';

const model = (name: string) =>
  tfl.sequential({
    layers: [tfl.layers.dense({name, units: 2, activation: 'relu', inputShape: [2]})],
  });
const [first, second] = [model('first'), model('second')];
const x = tf.ones([1, 2]);
const run = (which: tfl.LayersModel): void => {
  tf.dispose(which.predict(x));
};
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
run(first);
run(second);

test('a scope lasts until its promise settles', async () => {
  const capture = await withCapture(async () => {
    run(first);
    await tick();
    run(second);
    await Promise.all([tick(), tick()]);
    run(first);
    return 'done';
  });
  expect(capture.result).toBe('done');
  expect(capture.records.map(({name}) => name)).toEqual(['first', 'second', 'first']);
  expect(capture.records.every(({pre}) => pre?.isDisposed === false)).toBe(true);
  capture.dispose();
});

test('a function that returns a promise without being async counts as well', async () => {
  const capture = await withCapture(() => tick().then(() => run(first)));
  expect(capture.names()).toEqual(['first']);
  capture.dispose();
});

test('two at once are kept apart, and from code outside', async () => {
  const before = footprint(first);
  const left = withCapture(async () => {
    for (let i = 0; i < 5; i++) {
      run(first);
      await tick();
    }
  });
  const right = withCapture(async () => {
    for (let i = 0; i < 5; i++) {
      await tick();
      run(second);
    }
  });
  for (let i = 0; i < 5; i++) {
    run(first);
    run(second);
    await tick();
  }
  const captures = await Promise.all([left, right]);
  expect(captures.map((capture) => capture.records.map(({name}) => name))).toEqual([
    ['first', 'first', 'first', 'first', 'first'],
    ['second', 'second', 'second', 'second', 'second'],
  ]);
  for (const capture of captures) capture.dispose();
  expect(footprint(first)).toEqual(before);
});

test('a synchronous scope between them records what runs in it', async () => {
  const outer = withCapture(async () => {
    await tick();
    run(first);
  });
  await Promise.resolve();
  const between = withCapture(() => run(second));
  expect(between.names()).toEqual(['second']);
  expect((await outer).names()).toEqual(['first']);
});

test('scopes nest: the outer one records what the inner one does, sync and async', async () => {
  const outer = await withCapture(async () => {
    await tick();
    const sync = withCapture(() => run(first));
    const inner = await withCapture(async () => {
      await tick();
      run(second);
    });
    return [sync.names(), inner.names()];
  });
  expect(outer.result).toEqual([['first'], ['second']]);
  expect(outer.names()).toEqual(['first', 'second']);
});

test('what goes on after the promise has settled is not recorded', async () => {
  let late: Promise<void> | undefined;
  const capture = await withCapture(() => {
    late = tick().then(() => run(second));
    run(first);
    return Promise.resolve();
  });
  await late;
  expect(capture.names()).toEqual(['first']);
});

test('a rejected scope beside another leaves that one alone', async () => {
  const good = withCapture(async () => {
    await tick();
    await tick();
    run(first);
  });
  const bad = withCapture(async () => {
    run(second);
    await tick();
    throw new Error('bad');
  });
  await expect(bad).rejects.toThrow('bad');
  expect((await good).names()).toEqual(['first']);
});

test('fit in a scope, and predict outside it meanwhile', async () => {
  const trained = model('trained');
  trained.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
  const fitting = withCapture(() =>
    trained.fit(tf.ones([64, 2]), tf.ones([64, 2]), {batchSize: 1}),
  );
  const done = jest.fn();
  void fitting.then(done);
  for (let i = 0; i < 50; i++) {
    run(second);
    await Promise.resolve();
  }
  expect(done).not.toHaveBeenCalled(); // so the two did run interleaved
  const capture = await fitting;
  expect(capture.names()).toEqual(['trained']);
  expect(capture.pre('trained').shape).toEqual([64, 2]);
});

test('promises are left alone once no scope is open', async () => {
  const {createHook} = await import('node:async_hooks');
  await new Promise((resolve) => setImmediate(resolve));
  const enabled = () => (createHook({}) as unknown as {enabled?: boolean}).enabled ?? false;
  run(first);
  withCapture(() => run(first)).dispose();
  await new Promise((resolve) => setImmediate(resolve));
  expect(enabled()).toBe(false);
});
