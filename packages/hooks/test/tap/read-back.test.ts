// Values are read back after the call, never by it, and never synchronously by us.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {DataTypeMap, NumericDataType, Tensor} from '@tensorflow/tfjs-core';

import {seeded} from '../fidelity/seeded-values.js';
import {frameOf, graph, image, net, tap} from './tapped-models.js';

const layersModel = net();
const rows = seeded([2, 3], 1);
const picture = image();
let graphModel: GraphModel;
beforeAll(async () => {
  graphModel = await graph();
});
afterEach(() => {
  jest.restoreAllMocks();
});

test.each(['LayersModel', 'GraphModel'])(
  '%s: by backend.read alone, once the call has ended',
  async (kind) => {
    const model = kind === 'LayersModel' ? layersModel : graphModel;
    const x = kind === 'LayersModel' ? rows : picture;
    const backend = tf.backend();
    const log: string[] = [];
    let isReading = false;
    const read = backend.read.bind(backend);
    const readSync = backend.readSync.bind(backend);
    jest.spyOn(backend, 'read').mockImplementation((id) => {
      log.push('read');
      isReading = true;
      try {
        return read(id);
      } finally {
        isReading = false;
      }
    });
    jest.spyOn(backend, 'readSync').mockImplementation((id) => {
      // WASM and CPU have the values at hand: their own `read` is that.
      if (!isReading) log.push('readSync');
      return readSync(id);
    });
    const dataSync = jest.spyOn(tf.Tensor.prototype, 'dataSync');
    tf.dispose(model.predict(x)); // what the model's own kernels may read
    const own = log.splice(0).filter((one) => one === 'readSync').length;
    const ownByTensor = dataSync.mock.calls.length;
    const frames = tap(model);
    const next = frames.next();
    log.push('call');
    const y = model.predict(x);
    log.push('called');
    const {records} = await frameOf(next);
    expect(log.filter((one) => one === 'readSync')).toHaveLength(own);
    expect(log.filter((one) => one !== 'readSync')).toEqual([
      'call',
      'called',
      ...records.map(() => 'read'),
    ]);
    expect(dataSync).toHaveBeenCalledTimes(2 * ownByTensor);
    await frames.return();
    tf.dispose(y);
  },
);

test('the model’s next call may begin, and end, before the last frame has been read', async () => {
  const frames = tap(layersModel, {layers: 'a', queue: 3});
  const [first, second] = [frames.next(), frames.next()];
  const log: string[] = [];
  void first.then(() => log.push('first frame'));
  void second.then(() => log.push('second frame'));
  const finish: (() => void)[] = [];
  const data = tf.Tensor.prototype.data;
  jest.spyOn(tf.Tensor.prototype, 'data').mockImplementation(async function (this: Tensor) {
    log.push('reading');
    const values = (await data.call(this)) as DataTypeMap[NumericDataType];
    await new Promise<void>((resolve) => finish.push(resolve));
    return values;
  });
  for (const name of ['one', 'two']) {
    tf.dispose(layersModel.predict(rows));
    log.push(name);
    await Promise.resolve();
    await Promise.resolve();
  }
  await new Promise(setImmediate);
  finish[1]!();
  await new Promise(setImmediate);
  expect(log).toEqual(['one', 'reading', 'two', 'reading']); // the second waits for the first
  finish[0]!();
  await frameOf(second);
  expect(log.slice(4)).toEqual(['first frame', 'second frame']);
  await frames.return();
});

test('when the call ended is told', async () => {
  const frames = tap(layersModel);
  const next = frames.next();
  const before = performance.now();
  tf.dispose(layersModel.predict(rows));
  const after = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const {time} = await frameOf(next);
  expect(before <= time && time <= after).toBe(true);
  await frames.return();
});
