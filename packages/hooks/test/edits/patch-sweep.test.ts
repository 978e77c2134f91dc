// Sweeps of patches: what the rows say, how a sweep is cancelled, what it leaves behind.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {CaptureArgumentError, patchSweep, replaceWith, withCapture} from '@tfjs-capture/hooks';
import type {PatchProgress, PatchRow, PatchSweepOptions} from '@tfjs-capture/hooks';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';

const net = sequential({
  layers: [
    layers.dense({name: 'a', units: 3, activation: 'relu', inputShape: [2]}),
    layers.dense({name: 'b', units: 4, activation: 'elu'}),
    layers.dense({name: 'c', units: 2, activation: 'softmax'}),
  ],
});
setSeededWeights(net);
const clean = seeded([40, 2], 7);
const corrupted = seeded([40, 2], 8);
const run = (x: Tensor): Tensor => net.predict(x) as Tensor;
const metric = (result: Tensor): tf.Scalar =>
  tf.sum(tf.mul(result, tf.cumsum(tf.onesLike(result))));
const options = {clean, corrupted, metric};
run(clean).dispose();

/** The metric of one run with one patch, by hand. */
function patched(name: string, pass: number, channel?: number): number {
  return tf.tidy(() => {
    const reference = withCapture(() => run(clean));
    const whole = replaceWith(reference);
    const {result} = withCapture(() => run(corrupted), {
      edit: [
        {
          layers: (at) => at.name === name && at.pass === pass,
          pre(value, at) {
            if (channel === undefined) return whole(value, at);
            const mask = tf.oneHot(tf.scalar(channel, 'int32'), value.shape.at(-1)!);
            return tf.where(tf.equal(mask, tf.scalar(1, 'int32')), whole(value, at)!, value);
          },
        },
      ],
    });
    return metric(result).dataSync()[0]!;
  });
}

const placeOf = ({name, pass, call, slot, channel}: PatchRow) => [name, pass, call, slot, channel];

test('one row per hook point and pass', async () => {
  const before = footprint(net);
  const progress: PatchProgress[] = [];
  const sweep = await patchSweep(run, {...options, onProgress: (one) => progress.push(one)});
  const of = (x: Tensor) => tf.tidy(() => metric(run(x)).dataSync()[0]!);
  expect([sweep.clean, sweep.corrupted]).toEqual([of(clean), of(corrupted)]);
  expect(sweep.rows.map(placeOf)).toEqual(
    [0, 1].flatMap((pass) => ['a', 'b', 'c'].map((name) => [name, pass, 0, 0, undefined])),
  );
  for (const {name, pass, metric: measured, change, restored} of sweep.rows) {
    expect(measured).toBe(patched(name, pass));
    expect(change).toBe(measured - sweep.corrupted);
    expect(restored).toBe(change / (sweep.clean - sweep.corrupted));
  }
  expect(progress.map(({done, total, row}) => [done, total, row])).toEqual(
    sweep.rows.map((row, i) => [i + 1, 6, row]),
  );
  expect(footprint(net)).toEqual(before);
});

test('the last layer restores everything', async () => {
  for (const at of ['pre', 'post', 'output'] as const) {
    const few = {clean: seeded([4, 2], 1), corrupted: seeded([4, 2], 2)};
    const {rows, clean: whole} = await patchSweep(run, {
      ...few,
      at,
      layers: 'c',
      metric: (result) => tf.sum(tf.square(result)),
    });
    expect(rows).toMatchObject([{name: 'c', metric: whole, restored: 1}]);
    tf.dispose(few);
  }
});

test('channels, one at a time', async () => {
  const {rows} = await patchSweep(run, {...options, layers: 'b', channels: true});
  expect(rows.map(placeOf)).toEqual(
    [0, 1].flatMap((pass) => [0, 1, 2, 3].map((channel) => ['b', pass, 0, 0, channel])),
  );
  for (const {name, pass, channel, metric: measured} of rows) {
    expect(measured).toBeCloseTo(patched(name, pass, channel), 4);
  }
});

test('functions that are asynchronous, results in containers, metrics that are numbers', async () => {
  const numTensors = tf.memory().numTensors;
  const sweep = await patchSweep(
    async (x: {image: Tensor}) => {
      await Promise.resolve();
      const logits = run(x.image);
      return {logits: [logits], given: x.image};
    },
    {
      clean: {image: clean},
      corrupted: {image: corrupted},
      metric: ({logits}) => logits[0]!.dataSync()[0]!,
      layers: 'a',
    },
  );
  expect(sweep.rows.length).toBe(2);
  expect([clean.isDisposed, corrupted.isDisposed]).toEqual([false, false]);
  expect(tf.memory().numTensors).toBe(numTensors);
});

test('a table', async () => {
  const {rows} = await patchSweep(run, {...options, layers: 'a'});
  const sweep = await patchSweep(run, {...options, layers: 'a', channels: true});
  const lines = sweep.table().split('\n');
  expect(lines[0]).toMatch(/^name +metric +change +restored$/);
  expect(lines[1]).toMatch(/^a channel 0 /);
  expect(lines[4]).toMatch(/^a pass 1 channel 0 /);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(rows.every((row) => !('channel' in row))).toBe(true);
});

test('called in a tidy, which ends before the sweep begins', async () => {
  let promise!: ReturnType<typeof patchSweep>;
  tf.tidy(() => void (promise = patchSweep(run, {...options, layers: 'a'}) as never));
  expect((await promise).rows.length).toBe(2);
});

describe('what ends a sweep', () => {
  const numTensors = () => tf.memory().numTensors;

  async function expectRejection(
    more: Partial<PatchSweepOptions<Tensor, Tensor>>,
    reason: unknown,
    fn: (x: Tensor) => Tensor = run,
  ): Promise<void> {
    const before = footprint(net);
    const sweep = patchSweep(fn, {...options, ...more});
    if (typeof reason === 'string') await expect(sweep).rejects.toThrow(reason);
    else await expect(sweep).rejects.toBe(reason);
    expect(footprint(net)).toEqual(before);
  }

  test.each([0, 1, 3])('an abort after %d patches', async (after) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let done = 0;
    if (after === 0) setTimeout(() => controller.abort(reason), 0);
    await expectRejection(
      {
        signal: controller.signal,
        onProgress(progress) {
          done = progress.done;
          // Not at once: the event loop must get a turn for it to arrive.
          if (done === after) setImmediate(() => controller.abort(reason));
        },
      },
      reason,
    );
    expect(done).toBeLessThan(6);
    expect(done).toBeGreaterThanOrEqual(after);
  });

  test('a signal that has been aborted before', async () => {
    let ran = false;
    const reason = new Error('never mind');
    await expectRejection({signal: AbortSignal.abort(reason)}, reason, (x) => {
      ran = true;
      return run(x);
    });
    expect(ran).toBe(false);
  });

  const mine = new Error('mine');
  const failing = (at: number) => {
    let calls = 0;
    return <T>(value: T): T => {
      if (calls++ === at) throw mine;
      return value;
    };
  };

  test.each([0, 1, 2])('fn, metric and onProgress that throw at call %d', async (at) => {
    const [inFn, inMetric, inProgress] = [failing(at), failing(at), failing(at)];
    await expectRejection({}, mine, (x) => run(inFn(x)));
    await expectRejection({metric: (result) => inMetric(metric(result))}, mine);
    await expectRejection({onProgress: (progress) => void inProgress(progress)}, mine);
  });

  test.each([
    ['a word', 'much', "got 'much'"],
    ['a vector', () => tf.ones([2]), 'got an object of class Tensor'],
    ['nothing', undefined, 'got undefined'],
  ])('a metric that returns %s', async (_, value, message) => {
    const returned = (): unknown => (typeof value === 'function' ? value() : value);
    await expectRejection(
      {metric: returned as never},
      `patchSweep: metric must return a number or a Scalar, ${message}`,
    );
  });

  test('inputs of different shapes', async () => {
    const few = seeded([3, 2], 1);
    await expectRejection(
      {corrupted: few},
      "got 'a' {pass: 0, call: 0, slot: 0} [32,3] for the clean",
    );
    await expectRejection({clean: few}, 'for the corrupted one. Pass inputs of one shape.');
    few.dispose();
  });

  test('no hook point', async () => {
    await expectRejection(
      {layers: 'nothing'},
      "must reach a hook point that has a 'pre', got none",
    );
  });

  test('wrong options', async () => {
    const held = numTensors();
    const sweep = patchSweep as unknown as (...args: unknown[]) => Promise<unknown>;
    for (const [args, message] of [
      [[3, options], 'the first argument must be a function, got 3'],
      [[run], 'the options must be an object, got undefined'],
      [[run, {...options, layer: 'a'}], "options are clean, .*, got 'layer'"],
      [[run, {corrupted, metric}], 'clean and corrupted must be inputs of fn, got undefined'],
      [[run, {clean, corrupted}], 'metric must be a function, got undefined'],
      [[run, {...options, at: 'input'}], "at must be 'pre', 'post' or 'output', got 'input'"],
      [[run, {...options, layers: 3}], 'layers must be a glob.*, got 3'],
    ] as const) {
      const error = await sweep(...args).then(undefined, (reason: unknown) => reason);
      expect(error).toBeInstanceOf(CaptureArgumentError);
      expect((error as Error).message).toMatch(new RegExp(message));
    }
    expect(numTensors()).toBe(held);
  });
});
