import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';

const model = tfl.sequential({
  layers: [
    tfl.layers.conv2d({
      name: 'block1_conv1',
      filters: 2,
      kernelSize: 3,
      activation: 'relu',
      inputShape: [6, 6, 1],
    }),
    tfl.layers.conv2d({name: 'block1_conv2', filters: 2, kernelSize: 3}),
    tfl.layers.activation({name: 'act', activation: 'tanh'}),
    tfl.layers.flatten({name: 'flat'}),
    tfl.layers.dense({name: 'fc', units: 3, activation: 'softmax'}),
  ],
});
const x = tf.randomNormal([2, 6, 6, 1]);
const names = (options: CaptureOptions): string[] => {
  using capture = withCapture(() => model.predict(x), options);
  return capture.names();
};

test.each<[string, CaptureOptions, string[]]>([
  ['all', {}, ['block1_conv1', 'act', 'fc']],
  ['a glob', {layers: 'block*_conv*'}, ['block1_conv1']],
  ['a RegExp', {layers: /c/}, ['block1_conv1', 'act', 'fc']],
  ['a predicate', {layers: ({activation}) => activation === 'tanh'}, ['act']],
  ['an array', {layers: ['fc', /^act$/]}, ['act', 'fc']],
  ['an empty array', {layers: []}, []],
  ['one activation', {activations: 'relu'}, ['block1_conv1']],
  ['several activations', {activations: ['softmax', 'tanh']}, ['act', 'fc']],
  ['both', {activations: 'relu', layers: 'fc'}, []],
  ['no kind', {record: []}, []],
])('%s', (_, options, expected) => {
  expect(names(options)).toEqual(expected);
});

test('a predicate sees the whole hook point', () => {
  const seen: unknown[] = [];
  const layers: CaptureOptions['layers'] = (point) => seen.push(point) < 0;
  using _ = withCapture(() => model.predict(x), {layers});
  expect(seen[0]).toEqual({
    name: 'block1_conv1',
    path: ['block1_conv1'],
    activation: 'relu',
    kernel: 'FusedConv2D',
    pass: 0,
    call: 0,
    slot: 0,
  });
});

test("'output' records every layer's output, activation or not", () => {
  using capture = withCapture(() => model.predict(x) as tf.Tensor, {record: ['output']});
  expect(capture.names()).toEqual(['block1_conv1', 'block1_conv2', 'act', 'flat', 'fc']);
  expect(capture.output('block1_conv2').shape).toEqual([2, 2, 2, 2]);
  expect(capture.output('fc').dataSync()).toEqual(capture.result.dataSync());
  expect(capture.get('flat')).toMatchObject({activation: null, kernel: null});
  expect(capture.get('fc')).not.toHaveProperty('pre');
});

test('what is not selected runs the very kernels that it runs without capture', async () => {
  const kernels = async (options: CaptureOptions): Promise<string[]> => {
    const {kernelNames} = await tf.profile(
      () => withCapture(() => model.predict(x), options).result,
    );
    return kernelNames;
  };
  const {kernelNames} = await tf.profile(() => model.predict(x));
  expect(await kernels({layers: 'act'})).toEqual(kernelNames);
  expect(await kernels({})).toEqual(kernelNames);
});

test('the table has a line per record', () => {
  using capture = withCapture(() => model.predict(x), {record: ['pre', 'post']});
  const [head, first, ...more] = capture.table().split('\n');
  expect(head).toMatch(/^name +activation +kernel +shape +bytes$/);
  expect(first).toMatch(/^block1_conv1 +relu +FusedConv2D +\[2, 4, 4, 2\] +512$/);
  expect(more).toHaveLength(2);
});

test('one record has all kinds', () => {
  using capture = withCapture(() => model.predict(x), {record: ['pre', 'post', 'output']});
  const {pre, post, output} = capture.get('act');
  expect(tf.tanh(pre as tf.Tensor).dataSync()).toEqual(post?.dataSync());
  expect(output?.dataSync()).toEqual(post?.dataSync());
});

describe('shapes', () => {
  const shapesOf = (call: (x: tf.Tensor) => tf.Tensor): number[][] => {
    class Custom extends tfl.layers.Layer {
      static className = 'Custom';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return call(Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs);
      }
    }
    const layer = new Custom({name: 'custom'});
    using capture = withCapture(() => layer.apply(tf.ones([2, 8])), {record: ['pre', 'post']});
    return capture.records.flatMap(({pre, post}) => [pre?.shape ?? [], post?.shape ?? []]);
  };

  test("are those of the layer's output, if that is what came out of the activation", () => {
    expect(shapesOf((input) => tf.reshape(tf.relu(input), [2, 2, 4]))).toEqual([
      [2, 2, 4],
      [2, 2, 4],
    ]);
  });

  test('are left alone if it is not, though it may have as many values', () => {
    expect(shapesOf((input) => tf.reshape(tf.neg(tf.softmax(input)), [4, 4]))).toEqual([
      [2, 8],
      [2, 8],
    ]);
  });
});
