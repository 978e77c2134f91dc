import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {loadGraphModel} from '@tensorflow/tfjs-converter';
import {InspectorError} from '../../../inspector/engine/inspector-error.js';
import {sentenceOf} from '../../../inspector/engine/sentence-of.js';

/** What fails, really: messages of TensorFlow.js change with its versions. */
async function thrownBy(fail: () => unknown): Promise<Error> {
  try {
    await fail();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail.');
}

function graph(nodes: {name: string; op: string; input?: string[]; attr?: object}[]) {
  return loadGraphModel(
    tf.io.fromMemory({
      modelTopology: {node: nodes.map((node) => ({attr: {}, ...node})), versions: {}},
      weightSpecs: [],
      weightData: new ArrayBuffer(0),
    }),
  );
}
const float = {dtype: {type: 'DT_FLOAT'}};
const shaped = {...float, shape: {shape: {dim: [{size: '-1'}, {size: '4'}]}}};

const dense = () => sequential({layers: [layers.dense({units: 2, inputShape: [4], name: 'fc'})]});
const photo = () =>
  sequential({
    layers: [layers.conv2d({filters: 1, kernelSize: 3, inputShape: [8, 8, 3], name: 'c'})],
  });

const real: [name: string, fail: () => unknown, sentence: RegExp][] = [
  [
    'an operation that the backend lacks',
    () => tf.engine().runKernel('NoSuchKernel', {}),
    /^The model needs the operation NoSuchKernel, which the \w+ backend lacks\. Choose another backend\.$/,
  ],
  [
    'an operation that TensorFlow.js does not know',
    async () =>
      (
        await graph([
          {name: 'x', op: 'Placeholder', attr: float},
          {name: 'y', op: 'Warp', input: ['x']},
        ])
      ).predict(tf.ones([1])),
    /^The graph holds the operation Warp, which TensorFlow\.js does not know\./,
  ],
  [
    'a weight that a graph misses',
    async () =>
      (
        await graph([
          {name: 'x', op: 'Placeholder', attr: float},
          {name: 'lost', op: 'Const', attr: float},
          {name: 'y', op: 'AddV2', input: ['x', 'lost']},
        ])
      ).predict(tf.ones([1])),
    /^The graph cannot compute y: lost is neither among its inputs/,
  ],
  [
    'an input of another shape, for a graph',
    async () =>
      (
        await graph([
          {name: 'x', op: 'Placeholder', attr: shaped},
          {name: 'y', op: 'Relu', input: ['x']},
        ])
      ).predict(tf.ones([1, 5])),
    /^The input x takes the shape \[-1,4\], but \[1,5\] came\. Choose another image size\.$/,
  ],
  [
    'an input of another type, for a graph',
    async () =>
      (
        await graph([
          {name: 'x', op: 'Placeholder', attr: shaped},
          {name: 'y', op: 'Relu', input: ['x']},
        ])
      ).predict(tf.ones([1, 4], 'int32')),
    /^The input x takes values of type float32, but int32 came\./,
  ],
  [
    'control flow',
    async () =>
      (
        await graph([
          {name: 'x', op: 'Placeholder', attr: float},
          {name: 'y', op: 'Where', input: ['x']},
        ])
      ).predict(tf.ones([1])),
    /^The graph decides while it runs what to run next \(Where in y\)/,
  ],
  [
    'an input of another shape, for layers',
    () => dense().predict(tf.ones([1, 5])),
    /^The input fc_input takes the shape \[null,4\], but \[1,5\] came\. Choose another image size\.$/,
  ],
  [
    'an input of another rank, for layers',
    () => photo().predict(tf.ones([1, 8, 8])),
    /^The input c_input takes 4 dimensions, but \[1,8,8\] came\. Choose another image size\.$/,
  ],
  [
    'a size that layers cannot join',
    () => tf.add(tf.ones([2, 3]), tf.ones([2, 4])),
    /^The model cannot work on an input of this size \(/,
  ],
  [
    'channels that do not match',
    () => tf.concat([tf.ones([2, 3]), tf.ones([3, 4])], 1),
    /^The model cannot work on an input of this size \(/,
  ],
  [
    'an array that is too large',
    () => new Float32Array(2 ** 50),
    /^There is not enough memory for this model and this image\./,
  ],
  [
    'a buffer that is too large',
    () => new ArrayBuffer(2 ** 53 - 1),
    /^There is not enough memory for this model and this image\./,
  ],
  [
    'WebAssembly memory that cannot grow',
    () => new WebAssembly.Memory({initial: 1, maximum: 1}).grow(1),
    /^There is not enough memory for this model and this image\./,
  ],
  [
    'writing beyond the end of memory',
    () => new Uint8Array(4).set(new Uint8Array(5), 0),
    /^There is not enough memory for this model and this image\./,
  ],
  [
    'a backend that is not there',
    () => tf.setBackend('webgl'),
    /^The WebGL backend does not work in this browser\. Choose another backend\.$/,
  ],
];

test.each(real)('%s', async (_, fail, sentence) => {
  const error = await thrownBy(fail);
  const said = sentenceOf(error, 'Running the model');
  expect(said.message).toMatch(sentence);
  expect(said).toBeInstanceOf(InspectorError);
  expect(said.cause).toBe(error);
});

// What needs a graphics card, or another build of WebAssembly, to fail: words from their sources.
test.each([
  ['Aborted(OOM). Build with -sASSERTIONS for more info.', /not enough memory/],
  ['memory access out of bounds', /not enough memory/],
  ['Array buffer allocation failed', /not enough memory/],
  ['WebAssembly.Memory(): could not allocate memory', /not enough memory/],
  ['Unable to create WebGLTexture.', /not enough memory/],
  ['WebGL Error: CONTEXT_LOST_WEBGL', /its context was lost/],
  ['WebGL is not supported on this device', /^WebGL does not work/],
  ['WebGPU is not supported on this device', /^WebGPU does not work/],
  ['Cannot get WebGL rendering context, WebGL is disabled.', /^WebGL does not work/],
  ['Cannot create a canvas in this context', /^WebGL does not work/],
  ['Failed to compile fragment shader.', /refused a program/],
  [
    'Requested texture size [20000x9] greater than WebGL maximum on this browser / GPU [16384x16384].',
    /takes no texture of 20000x9/,
  ],
])('%s', (message, sentence) => {
  expect(sentenceOf(new Error(message), 'Running the model').message).toMatch(sentence);
});

test('what is a sentence stays the same object', () => {
  const error = new InspectorError('The sky fell. Hold it up.');
  expect(sentenceOf(error, 'Running the model')).toBe(error);
});

test.each([
  [new TypeError('x is odd.'), 'Running the model failed: x is odd.'],
  ['just words', 'Running the model failed: just words.'],
  [undefined, 'Running the model failed: undefined.'],
  [new Error(''), 'Running the model failed: no reason was given.'],
])('what nobody foresaw keeps its message: %s', (error, message) => {
  const said = sentenceOf(error, 'Running the model');
  expect(said).not.toBeInstanceOf(InspectorError);
  expect(said).toMatchObject({message, cause: error});
});
