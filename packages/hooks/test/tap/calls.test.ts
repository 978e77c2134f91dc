// Whose calls are frames: beside and inside one another, nested in scopes, in models, in tidies, failing.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input as inputOf, layers, model as modelOf} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import type {TapFrame} from '../../src/tapped-frame.js';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {customOpGraph, ticks, whileCustom} from '../graph-models/custom-ops.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {frameOf, net, settle, tap} from './tapped-models.js';

const model = net();
const other = net();
const x = seeded([2, 3], 1);
const call = (one = model): void => {
  tf.dispose(one.predict(x));
};
const names = ({records}: TapFrame) => records.map(({name}) => name);
call();
call(other);

let custom: GraphModel;
beforeAll(async () => {
  custom = await buildGraphModel(customOpGraph());
});
beforeEach(() => {
  // That executeAsync was not needed.
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

test('other models give none', async () => {
  const frames = tap(model);
  const next = frames.next();
  call(other);
  call();
  call(other);
  await settle();
  expect((await frameOf(next)).index).toBe(0);
  call();
  expect((await frameOf(frames.next())).index).toBe(1);
  await frames.return();
});

test('two taps on one model, and one on another', async () => {
  const taps = [tap(model, {layers: 'a'}), tap(model, {layers: 'b'}), tap(other)];
  const waiting = taps.map((one) => one.next());
  call();
  call(other);
  const got = await Promise.all(waiting.map(frameOf));
  expect(got.map(names)).toEqual([['a'], ['b'], ['a', 'b', 'c']]);
  for (const one of taps) await one.return();
});

test('a scope around the call records it too, and so does one that goes on meanwhile', async () => {
  const frames = tap(model, {layers: 'b'});
  const next = frames.next();
  const capture = withCapture(() => call(), {layers: 'a'});
  expect(capture.names()).toEqual(['a']);
  expect(names(await frameOf(next))).toEqual(['b']);
  const waiting = await withCapture(async () => {
    await ticks();
    call();
  });
  expect(waiting.names()).toEqual(['a', 'b', 'c']);
  expect(names(await frameOf(frames.next()))).toEqual(['b']);
  for (const one of [capture, waiting]) one.dispose();
  await frames.return();
});

test('a model in a model in a model: each from where it stands', async () => {
  const wrap = (inner: tf.InferenceModel | typeof model, name: string) => {
    const given = inputOf({shape: [3]});
    const output = (inner as typeof model).apply(given) as SymbolicTensor;
    const last = layers.dense({name: `after_${name}`, units: 3, activation: 'relu'});
    const made = modelOf({inputs: given, outputs: last.apply(output) as SymbolicTensor, name});
    setSeededWeights(made);
    return made;
  };
  const innermost = net();
  const middle = wrap(innermost, 'middle');
  const outermost = wrap(middle as unknown as typeof model, 'outermost');
  tf.dispose(outermost.predict(x));
  const before = footprint(outermost);
  const taps = [outermost, middle, innermost].map((one) => tap(one, {record: ['pre', 'post']}));
  const waiting = taps.map((one) => one.next());
  tf.dispose(outermost.predict(x));
  const [whole, part, inner] = await Promise.all(waiting.map(frameOf));
  const of = innermost.name;
  expect([...new Set(names(whole!))]).toEqual([
    `middle/${of}/a`,
    `middle/${of}/b`,
    `middle/${of}/c`,
    'middle/after_middle',
    'after_outermost',
  ]);
  expect([...new Set(names(part!))]).toEqual([`${of}/a`, `${of}/b`, `${of}/c`, 'after_middle']);
  expect([...new Set(names(inner!))]).toEqual(['a', 'b', 'c']);
  for (const {pass} of [whole, part, inner].flatMap((one) => one!.records)) expect(pass).toBe(0);
  expectSameBits(
    'seen from inside',
    {values: inner!.get('b').data, ...shapeOf(inner!)},
    {values: whole!.get(`${of}/b`).data, ...shapeOf(whole!)},
  );
  for (const one of taps) await one.return();
  expect(footprint(outermost)).toEqual(before);
});

const shapeOf = (frame: TapFrame) => {
  const {shape, dtype} = frame.get('b');
  return {shape, dtype};
};

test('what is captured outlives the caller’s tidies, and leaves them and their memory alone', async () => {
  const frames = tap(model, {record: ['pre', 'post', 'output']});
  const next = frames.next();
  const {numTensors} = tf.memory();
  const expected = tf.tidy(() =>
    withCapture(() => call())
      .pre('a')
      .dataSync()
      .slice(),
  );
  const kept = tf.tidy(() => {
    const y = model.predict(x) as Tensor;
    tf.tidy(() => tf.add(y, 1));
    return y;
  });
  const {records} = await frameOf(next);
  expect([...records[0]!.data]).toEqual([...expected]);
  await settle();
  kept.dispose();
  expect(tf.memory().numTensors).toBe(numTensors);
  await frames.return();
});

test('gradients through a tapped model are those without', async () => {
  const loss = (input: Tensor) => tf.sum(tf.square(model.apply(input) as Tensor));
  const plain = tf.grad(loss)(x);
  const before = tf.memory().numTensors;
  const frames = tap(model, {record: ['pre', 'post', 'output']});
  const next = frames.next();
  const tapped = tf.grad(loss)(x);
  expect((await frameOf(next)).records.length).toBe(9);
  expectSameBits('gradient', tapped, plain);
  await frames.return();
  tapped.dispose();
  expect(tf.memory().numTensors).toBe(before);
  plain.dispose();
});

test('what a call throws goes to its caller, and the tap goes on', async () => {
  const frames = tap(custom);
  const next = frames.next();
  const error = new Error('mine');
  const before = tf.memory().numTensors;
  const fail = (): never => {
    throw error;
  };
  await whileCustom(fail, async () => {
    const caught = await Promise.allSettled([
      (async () => custom.execute(x))(),
      custom.executeAsync(x),
    ]);
    expect(caught.map((one) => one.status === 'rejected' && one.reason === error)).toEqual([
      true,
      true,
    ]);
  });
  await settle();
  // What tfjs leaves of an execution that failed.
  await whileCustom(fail, () => {
    const leak = tf.memory().numTensors - before;
    expect(() => custom.execute(x)).toThrow(error);
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(2 * leak);
  });
  tf.dispose(custom.execute(x));
  const frame = await frameOf(next);
  expect([frame.index, frame.dropped]).toEqual([3, 0]);
  expect(names(frame)).toEqual(['fused', 'swish', 'tanh']);
  await frames.return();
});

test('asynchronous calls that overlap are told apart, and come in the order in which they end', async () => {
  const frames = tap(custom, {queue: 4});
  const waiting = [frames.next(), frames.next(), frames.next()];
  const inputs = [seeded([1, 3], 1), seeded([1, 3], 2), seeded([1, 3], 3)];
  const gates: (() => void)[] = [];
  const waitFor = async (input: Tensor) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    return tf.clone(input);
  };
  const results = await whileCustom(waitFor, async () => {
    const running = inputs.map((input) => custom.executeAsync(input) as Promise<Tensor>);
    await settle();
    for (const i of [2, 0, 1]) {
      gates[i]!();
      await running[i];
    }
    return Promise.all(running);
  });
  const got = await Promise.all(waiting.map(frameOf));
  expect(got.map(({index, dropped}) => [index, dropped])).toEqual([
    [2, 0],
    [0, 0],
    [1, 0],
  ]);
  for (const {index, records} of got) {
    expect(records.map(({name}) => name)).toEqual(['fused', 'swish', 'tanh']);
    tf.tidy(() => {
      const {data, shape} = records[2]!;
      expectSameBits(`result ${index}`, tf.tanh(tf.tensor(data, [...shape])), results[index]!);
    });
  }
  await frames.return();
  tf.dispose([...results, ...inputs]);
});

test('calls that a call makes later are part of it', async () => {
  const frames = tap(custom);
  const next = frames.next();
  let depth = 0;
  const recurse = async (input: Tensor): Promise<Tensor> => {
    if (depth++ > 0) return tf.clone(input);
    await ticks();
    return custom.executeAsync(input) as Promise<Tensor>;
  };
  await whileCustom(recurse, async () => tf.dispose(await custom.executeAsync(x)));
  const frame = await frameOf(next);
  expect(frame.records.length).toBeGreaterThan(3);
  tf.dispose(custom.execute(x));
  expect((await frameOf(frames.next())).index).toBe(1);
  await frames.return();
});

test('an asynchronous call that ends after the tap leaves nothing', async () => {
  const frames = tap(custom);
  const next = frames.next();
  const before = tf.memory().numTensors;
  const slowly = async (input: Tensor) => {
    await ticks();
    return tf.clone(input);
  };
  await whileCustom(slowly, async () => {
    const running = custom.executeAsync(x) as Promise<Tensor>;
    await frames.return();
    tf.dispose(await running);
  });
  await settle();
  expect((await next).done).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});
