import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as layersModel, sequential} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';
import {loadModel} from '../../../inspector/engine/load-model.js';
import {openDroppedFolder} from '../../../inspector/engine/dropped-folder.js';
import {modelIOHandler} from '../../../inspector/engine/model-io-handler.js';
import {inputsOf} from '../../../inspector/engine/prepare-input.js';
import type {Progress} from '../../../inspector/protocol/engine.js';
import {loadEsrganSlim} from '../../../src/models/esrgan-slim.js';
import {loadFacemesh, loadMobileNetV2Mid} from '../../../src/models/graph-models.js';
import {loadMobileNetV2} from '../../../src/models/mobilenet-v2.js';
import {bitsOf, countDiffering} from '../../../src/verify/check-same-bits.js';
import {
  artifactsOf,
  esrganSlimFiles,
  facemeshFiles,
  filesOf,
  nsfwFiles,
  savedFiles,
  smallClassifier,
} from './model-files.js';

const load = (files: readonly File[]) => loadModel({kind: 'files', files}, () => undefined);
const renamed = (file: File, name: string) => new File([file], name);

const onWasm = tf.getBackend() === 'wasm';

describe('the examples', () => {
  // The CPU backend takes seconds for each of the larger ones.
  const examples = [
    {
      name: 'ESRGAN-slim',
      files: esrganSlimFiles,
      own: loadEsrganSlim,
      shape: [1, 24, 20, 3],
      isLarge: false,
    },
    {
      name: 'MobileNetV2, without a format',
      files: () => nsfwFiles('mobilenet_v2'),
      own: loadMobileNetV2,
      shape: [1, 224, 224, 3],
      isLarge: true,
    },
    {
      name: 'MobileNetV2, a graph',
      files: () => nsfwFiles('mobilenet_v2_mid'),
      own: loadMobileNetV2Mid,
      shape: [1, 224, 224, 3],
      isLarge: true,
    },
    {
      name: 'face mesh',
      files: facemeshFiles,
      own: loadFacemesh,
      shape: [1, 192, 192, 3],
      isLarge: true,
    },
  ];
  const runnable = examples.filter(({isLarge}) => onWasm || !isLarge);

  test.each(runnable)('$name predicts what it does elsewhere, bit for bit', async (example) => {
    const before = tf.memory().numTensors;
    const {model, dispose} = await load(await example.files());
    const own = await example.own();
    const x = tf.randomUniform(example.shape, 0, 1, 'float32', 7);
    const outputs = (from: typeof model) => [from.predict(x)].flat() as tf.Tensor[];
    const got = outputs(model);
    const expected = outputs(own);
    expect(got.length).toBe(expected.length);
    for (const [index, tensor] of got.entries()) {
      const differing = countDiffering(await bitsOf(tensor), await bitsOf(expected[index]!));
      expect(differing).toBe(0);
    }
    // Twice, for weights that were lost would only be missed later.
    for (const tensor of outputs(model)) tensor.dispose();
    tf.dispose([x, got, expected]);
    own.dispose();
    dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('are told to the page as what they are', async () => {
    const esrgan = await load(esrganSlimFiles());
    expect(esrgan.info).toMatchObject({
      name: 'generator',
      format: 'layers-model',
      imageInput: {height: null, width: null, channels: 3, isChannelsFirst: false},
      classCount: null,
      bytes: 888_300,
      parameters: 222_075,
    });
    const sorting = await load(await nsfwFiles('mobilenet_v2'));
    expect(sorting.info).toMatchObject({
      format: 'layers-model',
      imageInput: {height: 224, width: 224, channels: 3, dtype: 'float32'},
      classCount: 5,
      classes: null,
    });
    const graph = await load(await nsfwFiles('mobilenet_v2_mid'));
    expect(graph.info).toMatchObject({
      format: 'graph-model',
      imageInput: {height: 224, width: 224, channels: 3},
      classCount: 5,
    });
    const face = await load(facemeshFiles());
    expect(face.info).toMatchObject({
      name: 'facemesh',
      format: 'graph-model',
      inputs: [{name: 'input_1', shape: [null, 192, 192, 3], dtype: 'float32'}],
      imageInput: {name: 'input_1', height: 192, width: 192},
      classCount: null,
    });
    for (const {dispose} of [esrgan, sorting, graph, face]) dispose();
  });
});

describe('files', () => {
  test('may come in any order and with others among them', async () => {
    const [json, ...shards] = filesOf(await artifactsOf(smallClassifier()), [40, 300]);
    const others = [
      new File(['{"name": "x", "version": "1"}'], 'package.json'),
      new File(['{"half": '], 'broken.json'),
      new File(['hello'], 'README.md'),
    ];
    const {info, dispose} = await load([
      shards[2]!,
      others[0]!,
      shards[0]!,
      ...others.slice(1),
      json!,
      shards[1]!,
    ]);
    expect(info).toMatchObject({classCount: 3, parameters: 119});
    dispose();
  });

  test('are told apart by their folders where they have some', async () => {
    const right = filesOf(await artifactsOf(smallClassifier()));
    const wrong = new File([new Uint8Array(4)], 'other/shard1.bin');
    const dropped = right.map((file) => renamed(file, `mine/${file.name}`));
    const {info, dispose} = await load([wrong, ...dropped]);
    expect(info.name).toBe('mine');
    dispose();
  });

  test.each([
    '../up/shard1.bin',
    '/home/me/shard1.bin',
    'C:\\me\\shard1.bin',
    './deep/er/shard1.bin',
  ])('are found by their name alone where the manifest says %s', async (path) => {
    const [json, shard] = await savedFiles(smallClassifier());
    const text = (await json!.text()).replace('"shard1.bin"', JSON.stringify(path));
    const {dispose} = await load([new File([text], 'model.json'), shard!]);
    dispose();
  });

  test('take the path that the browser knows of a folder', async () => {
    const dropped = (await savedFiles(smallClassifier())).map((file) =>
      Object.defineProperty(file, 'webkitRelativePath', {value: `digits/${file.name}`}),
    );
    const {info, dispose} = await load(dropped);
    expect(info.name).toBe('digits');
    dispose();
  });
});

test('however the weights are cut, they come out whole', async () => {
  const artifacts = await artifactsOf(smallClassifier());
  const whole = new Uint8Array(artifacts.weightData as ArrayBuffer);
  // Empty shards too, also at either end.
  const cut = fc.oneof(fc.constantFrom(0, whole.length), fc.integer({min: 0, max: whole.length}));
  await fc.assert(
    fc.asyncProperty(fc.array(cut, {maxLength: 6}), fc.boolean(), async (cuts, isReversed) => {
      const files = filesOf(
        artifacts,
        cuts.sort((a, b) => a - b),
      );
      const folder = await openDroppedFolder(isReversed ? files.reverse() : files);
      const {weightData} = await modelIOHandler(folder, () => undefined).load();
      expect(new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))).toEqual(whole);
      const decoded = tf.io.decodeWeights(weightData!, artifacts.weightSpecs!);
      expect(Object.keys(decoded)).toHaveLength(4);
      tf.dispose(decoded);
    }),
    {numRuns: 40},
  );
});

test('progress grows from nothing to all of the bytes, and then the model is built', async () => {
  const seen: Progress[] = [];
  const files = filesOf(await artifactsOf(smallClassifier()), [100, 200, 400]);
  const {dispose} = await loadModel({kind: 'files', files}, (progress) => seen.push(progress));
  dispose();
  const shares = seen.filter(({stage}) => stage === 'Reading the weights').map(({share}) => share);
  expect(shares).toEqual([0, 100 / 476, 200 / 476, 400 / 476, 1]);
  expect(seen.at(0)).toEqual({stage: 'Reading the model', share: null});
  expect(seen.at(-1)).toEqual({stage: 'Building the model', share: null});
});

describe('what a model takes', () => {
  const infoOf = async (shape: (number | null)[], dtype?: 'int32' | 'bool') => {
    const x = input({batchShape: [null, ...shape], name: 'x', ...(dtype && {dtype})});
    const y = layers.activation({activation: 'linear'}).apply(x) as SymbolicTensor;
    const {info, dispose} = await load(await savedFiles(layersModel({inputs: x, outputs: y})));
    dispose();
    return info;
  };

  test.each([
    {shape: [5, 6, 3], expected: {height: 5, width: 6, channels: 3, isChannelsFirst: false}},
    {shape: [3, 5, 6], expected: {height: 5, width: 6, channels: 3, isChannelsFirst: true}},
    {
      shape: [4, null, null],
      expected: {height: null, width: null, channels: 4, isChannelsFirst: true},
    },
    {shape: [3, 4, 1], expected: {height: 3, width: 4, channels: 1, isChannelsFirst: false}},
    {shape: [5, 6, 2], expected: null},
    {shape: [5, 6], expected: null},
    {shape: [null, null, null], expected: null},
  ])('$shape', async ({shape, expected}) => {
    const {imageInput} = await infoOf(shape);
    if (expected === null) expect(imageInput).toBeNull();
    else expect(imageInput).toMatchObject(expected);
  });

  test('an image of whole numbers, none of truth values', async () => {
    expect((await infoOf([5, 6, 3], 'int32')).imageInput).toMatchObject({dtype: 'int32'});
    expect((await infoOf([5, 6, 3], 'bool')).imageInput).toBeNull();
  });

  test('classes are those of a single output with two columns or more', async () => {
    expect((await infoOf([2])).classCount).toBe(2);
    expect((await infoOf([1])).classCount).toBeNull();
    expect((await infoOf([null])).classCount).toBeNull();
    const x = input({shape: [4]});
    const dense = () => layers.dense({units: 3}).apply(x) as SymbolicTensor;
    const two = layersModel({inputs: x, outputs: [dense(), dense()]});
    const {info, dispose} = await load(await savedFiles(two));
    expect(info.classCount).toBeNull();
    dispose();
  });
});

describe('classes of a graph without a signature', () => {
  const classesOf = async (shape: number[], nodes: readonly object[]) => {
    const node = [
      {name: 'x', op: 'Placeholder', attr: {dtype: {type: 'DT_FLOAT'}}},
      {name: 'w', op: 'Const', attr: {}},
      ...nodes,
    ];
    const {info, dispose} = await load(
      filesOf({
        modelTopology: {node},
        weightSpecs: [{name: 'w', shape, dtype: 'float32'}],
        weightData: new ArrayBuffer(4 * shape.reduce((a, b) => a * b)),
      }),
    );
    dispose();
    return info.classCount;
  };
  const product = (attr: object = {}) => ({name: 'fc', op: 'MatMul', input: ['x', 'w'], attr});
  const softmax = {name: 'p', op: 'Softmax', input: ['fc:0'], attr: {}};

  test('are the columns of the matrix that makes them', async () => {
    expect(await classesOf([8, 5], [product(), softmax])).toBe(5);
    expect(await classesOf([5, 8], [product({transpose_b: {b: true}}), softmax])).toBe(5);
    expect(await classesOf([8, 1], [product(), softmax])).toBeNull();
  });

  test('are none where something else makes the output, or two outputs there are', async () => {
    const mean = {name: 'mean', op: 'Mean', input: ['fc', 'w'], attr: {}};
    expect(await classesOf([8, 5], [product(), mean])).toBeNull();
    const other = {...softmax, name: 'q'};
    expect(await classesOf([8, 5], [product(), softmax, other])).toBeNull();
  });
});

test('how a model was trained is left alone, since nobody trains it here', async () => {
  const artifacts = await artifactsOf(smallClassifier());
  const trainingConfig = {
    loss: 'my_loss',
    optimizer_config: {class_name: 'MyOptimizer', config: {}},
  };
  const {dispose} = await load(filesOf({...artifacts, trainingConfig}));
  dispose();
});

test('a model with a state of its own keeps it', async () => {
  const model = sequential({
    layers: [layers.gru({units: 3, stateful: true, batchInputShape: [1, 4, 2]})],
  });
  const loaded = await load(await savedFiles(model));
  const predict = () => (loaded.model.predict(tf.ones([1, 4, 2])) as tf.Tensor).dataSync();
  expect(predict()).not.toEqual(predict());
  loaded.dispose();
});

test('places in an embedding’s table are whole numbers below its length', async () => {
  const model = sequential({
    layers: [
      layers.embedding({inputDim: 9, outputDim: 2, inputLength: 200}),
      layers.globalAveragePooling1d({}),
    ],
  });
  const loaded = await load(await savedFiles(model));
  const [places] = inputsOf(loaded, {kind: 'noise', seed: 1});
  const values = new Set(await places!.data());
  expect([...values].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect((loaded.model.predict(places!) as tf.Tensor).shape).toEqual([1, 2]);
  loaded.dispose();
});

test('disposing twice is once', async () => {
  const {dispose} = await load(await savedFiles(smallClassifier()));
  dispose();
  expect(dispose).not.toThrow();
});
