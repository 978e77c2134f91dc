// What frames hold, and that results are what they are without a tap: every method of both kinds of models.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {NamedTensorMap, Tensor} from '@tensorflow/tfjs-core';
import {layers, model as modelOf, input as inputOf} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';

import {
  AmbiguousLayerError,
  LayerNotFoundError,
  NotRecordedError,
  withCapture,
} from '@tfjs-capture/hooks';
import type {Capture, RecordKind} from '@tfjs-capture/hooks';
import type {TapFrame} from '../../src/tapped-frame.js';
import {download, expectSameBits, listOf} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {loopGraph} from '../graph-models/control-flow-graphs.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {frameOf, graph, image, net, tap} from './tapped-models.js';

const record = ['pre', 'post', 'output'] as const;

/** Fails unless a frame holds what a capture of the same call does, in the same order. */
function expectSameRecords(frame: TapFrame, capture: Capture<unknown>): void {
  const expected = capture.records.flatMap(({pre, post, output, ...point}) =>
    Object.entries({pre, post, output}).flatMap(([kind, tensor]) =>
      tensor ? [{kind: kind as RecordKind, tensor, point}] : [],
    ),
  );
  expect(expected.length).toBeGreaterThan(0);
  expect(frame.records.map(({shape: _, dtype: __, data: ___, ...address}) => address)).toEqual(
    expected.map(({kind, point}) => ({...point, kind})),
  );
  frame.records.forEach(({data, shape, dtype, name, kind}, i) => {
    expectSameBits(`${kind} of ${name}`, {values: data, shape, dtype}, expected[i]!.tensor);
  });
}

/** Runs one call plainly, captured and tapped, and compares. */
async function compare(
  model: Parameters<typeof tap>[0],
  call: () => unknown,
  isFresh = true,
): Promise<void> {
  const before = tf.memory().numTensors;
  const plain = (await call()) as Tensor | Tensor[] | NamedTensorMap;
  const capture = await withCapture(call as () => Promise<typeof plain>, {record});
  const frames = tap(model, {record});
  const next = frames.next();
  const tapped = (await call()) as typeof plain;
  const frame = await frameOf(next);
  await frames.return();
  expectSameRecords(frame, capture);
  const flat = (result: typeof plain): Tensor[] =>
    result instanceof tf.Tensor || Array.isArray(result) ? listOf(result) : Object.values(result);
  flat(tapped).forEach((one, i) => {
    expectSameBits(`result ${i}`, one, flat(plain)[i]!);
  });
  tf.dispose([plain, tapped, capture.result].flatMap(flat));
  capture.dispose();
  if (isFresh) expect(tf.memory().numTensors).toBe(before);
}

beforeEach(() => {
  // That executeAsync was not needed.
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a LayersModel', () => {
  const sequential = net();
  const x = seeded([2, 3], 1);
  const given = inputOf({shape: [3]});
  const inner = net();
  const head = layers.dense({name: 'head', units: 3, activation: 'tanh'});
  const nested = modelOf({
    inputs: given,
    outputs: head.apply(inner.apply(given)) as SymbolicTensor,
  });
  setSeededWeights(nested);

  const calls = (model: typeof nested): [string, () => unknown][] => [
    ['predict', () => model.predict(x)],
    ['predict in batches', () => model.predict(x, {batchSize: 1})],
    ['predictOnBatch', () => model.predictOnBatch(x)],
    ['apply', () => model.apply(x)],
    ['call', () => model.call(x, {})],
  ];
  const ofOutput = (): Tensor =>
    sequential.execute(x, (sequential.outputs[0] as SymbolicTensor).name) as Tensor;

  // It refuses models in which there are other models.
  test.each([...calls(sequential), ['execute', ofOutput] as const])('Sequential: %s', (_, call) =>
    compare(sequential, call),
  );
  test.each(calls(nested))('functional, with a model in it: %s', (_, call) =>
    compare(nested, call),
  );

  test('none that has been reached by symbolic tensors', async () => {
    const frames = tap(inner);
    const next = frames.next();
    inner.apply(given);
    tf.dispose(inner.predict(x));
    expect((await frameOf(next)).index).toBe(0);
    await frames.return();
  });
});

describe('a GraphModel', () => {
  let model: GraphModel;
  let loop: GraphModel;
  const x = image();
  const rows = seeded([2, 3], 1);
  beforeAll(async () => {
    model = await graph();
    loop = await buildGraphModel(loopGraph('While', 3));
  });

  test.each<[string, () => unknown]>([
    ['predict', () => model.predict(x)],
    ['predictAsync', () => model.predictAsync(x)],
    ['execute', () => model.execute(x)],
    ['execute, as far as a node', () => model.execute(x, 'vgg19/fc1/Relu')],
    ['executeAsync', () => model.executeAsync(x)],
  ])('%s', (_, call) => compare(model, call));

  test('with control flow', () => compare(loop, () => loop.executeAsync(rows), false));
});

describe('options of withCapture', () => {
  const model = net();
  const x = seeded([2, 3], 1);

  async function frameWith(options: Parameters<typeof tap>[1]): Promise<TapFrame> {
    const frames = tap(model, options);
    const next = frames.next();
    tf.dispose(model.predict(x));
    const frame = await frameOf(next);
    await frames.return();
    return frame;
  }

  test('layers and activations', async () => {
    const names = async (options: Parameters<typeof tap>[1]) =>
      (await frameWith(options)).records.map(({name}) => name);
    expect(await names({layers: ['a', 'b']})).toEqual(await names({activations: ['relu', 'elu']}));
    expect(await names({layers: 'b'})).toEqual(['b']);
    expect(await names({layers: 'none'})).toEqual([]);
  });

  test('an edit changes the result, and is seen', async () => {
    const frames = tap(model, {edit: {a: (value) => tf.zerosLike(value)}});
    const next = frames.next();
    const edited = model.predict(x) as Tensor;
    const {records} = await frameOf(next);
    expect([...records[0]!.data]).toEqual(new Array(8).fill(0));
    await frames.return();
    const plain = model.predict(x) as Tensor;
    expect(download(edited).values).not.toEqual(download(plain).values);
    tf.dispose([edited, plain]);
  });

  test('what is reduced is handed on, without values', async () => {
    // As records of a capture with a reducer are.
    const reducing = ((fn: () => unknown, options: object) => {
      const capture = withCapture(fn, options);
      const records = capture.records.map(({pre, ...point}) => ({...point, value: pre?.size}));
      const dispose = () => capture.dispose();
      return {result: capture.result, records, dispose};
    }) as unknown as typeof withCapture;
    const {makeTap} = await import('../../src/tap.js');
    const frames = makeTap(reducing)(model, {layers: 'a'});
    const next = frames.next();
    const before = tf.memory().numTensors;
    tf.dispose(model.predict(x));
    const frame = await frameOf(next);
    await frames.return();
    expect(frame.get('a')).toMatchObject({kind: 'pre', value: 8, shape: [0]});
    expect(frame.get('a').data).toHaveLength(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('what a frame is asked by name', async () => {
    const frame = await frameWith({record: ['pre', 'post']});
    expect(frame.get('b').kind).toBe('pre');
    expect(frame.get('b', 'post')).toBe(frame.records[3]);
    expect(() => frame.get('bb')).toThrow(LayerNotFoundError);
    expect(() => frame.get('bb')).toThrow(/got 'bb'\. Did you mean 'b'/);
    expect(() => frame.get('b', 'output')).toThrow(NotRecordedError);
    const frames = tap(model);
    const next = frames.next();
    tf.dispose(model.predict(x, {batchSize: 1}));
    const batches = await frameOf(next);
    expect(() => batches.get('a')).toThrow(AmbiguousLayerError);
    await frames.return();
  });

  test('the values are the consumer’s own', async () => {
    const frames = tap(model, {layers: 'c', record: ['post', 'output']});
    const next = frames.next();
    const result = model.predict(x) as Tensor;
    const before = download(result);
    const {records} = await frameOf(next);
    for (const {data} of records) data.fill(7);
    expectSameBits('result', result, before);
    await frames.return();
    result.dispose();
  });
});
