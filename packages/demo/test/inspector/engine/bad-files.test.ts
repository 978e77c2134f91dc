import * as tf from '@tensorflow/tfjs-core';
import {loadModel} from '../../../inspector/engine/load-model.js';
import {artifactsOf, filesOf, smallClassifier} from './model-files.js';

/** A manifest, a topology, a whole model.json in JavaScript's terms. */
type Json = Record<string, unknown>;

const load = (files: readonly File[]) => loadModel({kind: 'files', files}, () => undefined);
const bytes = (size: number) => new Uint8Array(size);
const text = (content: string, name = 'model.json') => new File([content], name);
const json = (content: unknown, name = 'model.json') => text(JSON.stringify(content), name);

let good: File[];
let model: Json;
let weights: Json[];
beforeAll(async () => {
  good = filesOf(await artifactsOf(smallClassifier()), [200]);
  model = JSON.parse(await good[0]!.text()) as Json;
  weights = (model['weightsManifest'] as {weights: Json[]}[])[0]!.weights;
});

/** Every refusal is a sentence of its own, and leaves nothing behind. */
async function refusal(files: readonly File[]): Promise<string> {
  const before = tf.memory();
  const variables = Object.keys(tf.engine().registeredVariables).length;
  const error = await load(files).then(
    () => new Error('It was loaded.'),
    (reason: unknown) => reason as Error,
  );
  expect(`${error.name}: ${error.message}`).toMatch(/^InspectorError: /);
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numBytes).toBe(before.numBytes);
  expect(Object.keys(tf.engine().registeredVariables)).toHaveLength(variables);
  expect(error.message).toMatch(/^[^\n]*\.$/);
  return error.message;
}

/** The good model, with one weight's entry in the manifest changed. */
function withWeight(change: Json): File[] {
  const changed = [{...weights[0], ...change}, ...weights.slice(1)];
  const manifest = [{paths: ['shard1.bin', 'shard2.bin'], weights: changed}];
  return [json({...model, weightsManifest: manifest}), ...good.slice(1)];
}

/** The good model, with its topology's text changed. */
function withTopology(from: string | RegExp, to: string): File[] {
  const topology = JSON.stringify(model['modelTopology']);
  expect(topology).toMatch(from);
  const modelTopology = JSON.parse(topology.replace(from, to)) as Json;
  return [json({...model, modelTopology}), ...good.slice(1)];
}

test('the good model is good', async () => {
  const loaded = await load(good);
  loaded.dispose();
});

describe('shards', () => {
  test('cut short', async () => {
    const short = new File([bytes(270)], 'shard2.bin');
    expect(await refusal([good[0]!, good[1]!, short])).toMatch(
      /^model\.json asks for 476 bytes of weights, but 470 bytes came: one of shard1\.bin \(200 bytes\) and shard2\.bin \(270 bytes\) is too short\./,
    );
  });

  test('too long', async () => {
    const long = new File([bytes(277)], 'shard2.bin');
    expect(await refusal([good[0]!, good[1]!, long])).toMatch(
      /^model\.json asks for 476 bytes of weights, but more came: one of shard1\.bin \(200 bytes\) and shard2\.bin \(277 bytes\) is too long\./,
    );
  });

  test('empty', async () => {
    const empty = new File([], 'shard1.bin');
    expect(await refusal([good[0]!, empty, good[2]!])).toMatch(
      /shard1\.bin \(0 bytes\).*too short/,
    );
  });

  test('missing', async () => {
    expect(await refusal(good.slice(0, 2))).toMatch(
      /^The weights file shard2\.bin is missing: model\.json/,
    );
  });

  test('there twice', async () => {
    const twice = [
      ...good,
      new File([bytes(276)], 'other/shard2.bin'),
      new File([bytes(276)], 'more/shard2.bin'),
    ];
    const dropped = twice.filter((file) => file !== good[2]);
    expect(await refusal(dropped)).toMatch(/^2 files are called shard2\.bin/);
  });

  test('one where two are asked for', async () => {
    const manifest = [{paths: ['a/shard.bin', 'b/shard.bin'], weights}];
    const one = new File([bytes(238)], 'shard.bin');
    expect(await refusal([json({...model, weightsManifest: manifest}), one])).toMatch(
      /^model\.json asks for two files, a\/shard\.bin and b\/shard\.bin, but only one shard\.bin came\./,
    );
  });

  test('the one that is wrong is named where shards have the size that TensorFlow.js gives them', async () => {
    const shard = 4 * 1024 * 1024;
    const paths = ['s1.bin', 's2.bin', 's3.bin'];
    const sizes = [shard, shard - 8, 4];
    const big = [{name: 'w', shape: [(2 * shard + 4) / 4], dtype: 'float32'}];
    const files = paths.map((name, index) => new File([bytes(sizes[index]!)], name));
    expect(
      await refusal([json({...model, weightsManifest: [{paths, weights: big}]}), ...files]),
    ).toMatch(
      /8,388,612 bytes of weights, but 8,388,604 bytes came: s2\.bin \(4,194,296 bytes\) is too short\./,
    );
  });

  test('a web page or a Git LFS pointer in their place', async () => {
    const page = text('<!DOCTYPE html><html><title>404</title></html>', 'shard2.bin');
    expect(await refusal([...good.slice(0, 2), page])).toMatch(
      /^shard2\.bin is a web page \(HTML\), no weights\./,
    );
    const pointer = text(
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n',
      'shard2.bin',
    );
    expect(await refusal([...good.slice(0, 2), pointer])).toMatch(
      /^shard2\.bin is a Git LFS pointer/,
    );
  });
});

describe('model.json', () => {
  test.each([
    ['empty', '', /^model\.json is empty \(0 bytes\)/],
    ['no JSON', '{"modelTopology": {', /^model\.json is not valid JSON \(.+\): it is damaged/],
    ['binary', '\u0001\u0002\u0003', /^model\.json is not valid JSON/],
    ['a zip archive', 'PK\u0003\u0004\u0014', /^model\.json is an archive .*Unpack it/],
    ['a web page', '\n<!doctype html>\n<html>', /^model\.json is a web page/],
    ['a web page without a doctype', '<html lang="en">', /^model\.json is a web page/],
    ['a number', '3', /^model\.json holds JSON, but no model/],
    ['nothing', 'null', /^model\.json holds JSON, but no model/],
    [
      'an empty object',
      '{}',
      /^model\.json is JSON, but no TensorFlow\.js model: it holds nothing/,
    ],
    ['weights alone', '{"weightsManifest": []}', /^model\.json describes weights alone/],
    [
      'an old list of weights',
      '[{"paths": [], "weights": []}]',
      /^model\.json describes weights alone/,
    ],
    [
      'layers alone',
      '{"class_name": "Sequential", "config": {}}',
      /^model\.json holds a model's layers without/,
    ],
    [
      'no manifest',
      '{"modelTopology": {"node": []}}',
      /^model\.json holds a model's layers without its weights/,
    ],
    [
      'a topology of nothing',
      '{"modelTopology": {}, "weightsManifest": []}',
      /"modelTopology" is neither/,
    ],
    ['no topology', '{"modelTopology": null, "weightsManifest": []}', /"modelTopology" is neither/],
    [
      'a manifest of nothing',
      '{"modelTopology": {"node": []}, "weightsManifest": 3}',
      /"weightsManifest" is no list/,
    ],
    [
      'a manifest without paths',
      '{"modelTopology": {"node": []}, "weightsManifest": [{"weights": []}]}',
      /is no list/,
    ],
    [
      'no inputs',
      '{"modelTopology": {"node": []}, "weightsManifest": []}',
      /^The model model has no input/,
    ],
  ])('%s', async (_, content, message) => {
    expect(await refusal([text(content), ...good.slice(1)])).toMatch(message);
  });

  test('of something else', async () => {
    const other = {name: 'x', version: '1', type: 'module', main: 'x', files: [], scripts: {}};
    expect(await refusal([json(other, 'package.json')])).toMatch(
      /^package\.json is JSON, but no TensorFlow\.js model: it holds "name", "version", "type", "main" and 2 more,/,
    );
  });

  test('of two models', async () => {
    expect(await refusal([...good, json(model, 'second.json')])).toMatch(
      /^2 models came: model\.json and second\.json\./,
    );
  });

  test('is what is complained of, where several files are no model', async () => {
    expect(await refusal([text('{}', 'a.json'), text('[', 'model.json')])).toMatch(
      /^model\.json is not valid/,
    );
  });

  test('cannot be read any more', async () => {
    const gone = text('{}');
    gone.stream = () =>
      new ReadableStream({start: (controller) => controller.error(new Error('gone'))});
    expect(await refusal([gone])).toMatch(/^model\.json cannot be read\./);
  });
});

describe('the weights manifest', () => {
  test.each([
    ['a negative size', {shape: [-3, 2]}, /weight "[^"]+" has the shape \[-3,2\]/],
    ['half a size', {shape: [1.5]}, /has the shape \[1\.5\]/],
    ['no shape', {shape: 'big'}, /has the shape "big"/],
    ['no name', {name: 7}, /has a weight without a name/],
    ['an unknown type', {dtype: 'int64'}, /has the unknown type "int64"/],
    [
      'a quantisation that does not fit',
      {dtype: 'bool', quantization: {dtype: 'float16'}},
      /is quantised as/,
    ],
    ['no scale', {quantization: {dtype: 'uint8'}}, /is quantised as \{"dtype":"uint8"\}/],
    [
      'more than fits',
      {shape: [2 ** 20, 2 ** 20]},
      /4,398,046,511,1\d\d|4,398,046,\d+,\d+ bytes of weights, more than/,
    ],
    [
      'more than numbers hold',
      {shape: [2 ** 40, 2 ** 40, 2 ** 40]},
      /bytes of weights, more than the 4,294,967,296/,
    ],
    ['a type of another size', {dtype: 'bool'}, /asks for 422 bytes of weights, but more came/],
    ['another shape', {shape: [3, 3, 1, 4]}, /asks for 548 bytes of weights, but 476 bytes came/],
    [
      'the same number in another shape',
      {shape: [9, 1, 1, 2]},
      /weight shape|takes a weight of shape/,
    ],
  ])('with %s', async (_, change, message) => {
    expect(await refusal(withWeight(change))).toMatch(message);
  });

  test('with strings that end too soon, or too late', async () => {
    const graph = {node: [{name: 'x', op: 'Placeholder', attr: {}}]};
    const strings = [{name: 's', shape: [3], dtype: 'string'}];
    const stored = (...lengths: number[]) =>
      new File(
        [...lengths.map((length) => new Uint8Array([length, 0, 0, 0, ...bytes(length)]))],
        's.bin',
      );
    const files = (shard: File) => [
      json({modelTopology: graph, weightsManifest: [{paths: ['s.bin'], weights: strings}]}),
      shard,
    ];
    expect(await refusal(files(stored(2, 1)))).toMatch(
      /more weights than the 11 bytes that came: s\.bin is too short/,
    );
    expect(await refusal(files(stored(2, 1, 1, 0)))).toMatch(
      /asks for 16 bytes of weights, but more came: s\.bin \(20 bytes\)/,
    );
    const {info, dispose} = await load(files(stored(2, 1, 1)));
    expect(info.inputs).toEqual([{name: 'x', shape: [], dtype: 'float32', isRankUnknown: true}]);
    dispose();
  });

  test('that names other weights than the layers have', async () => {
    const renamed = await refusal(withWeight({name: 'stranger'}));
    expect(renamed).toMatch(/weight stranger/);
    const fewer = [{paths: ['shard1.bin'], weights: weights.slice(0, 1)}];
    const shard = new File([bytes(72)], 'shard1.bin');
    expect(await refusal([json({...model, weightsManifest: fewer}), shard])).toMatch(
      /^3 of the model's 4 weights are not in its files/,
    );
  });
});

describe('the topology', () => {
  test('with a layer that is not TensorFlow.js’s own, after others that are', async () => {
    expect(await refusal(withTopology('"class_name":"Dense"', '"class_name":"MyLayer"'))).toMatch(
      /^The model uses the layer MyLayer, which is not one of TensorFlow\.js's own\./,
    );
  });

  test('with code in a Lambda layer, which nobody runs', async () => {
    const lambda = withTopology(
      '"class_name":"Flatten","config":{',
      '"class_name":"Lambda","config":{"function":"globalThis.wasRun = true",',
    );
    expect(await refusal(lambda)).toMatch(
      /layer Lambda.*Code that comes with a model is never run/,
    );
    expect(globalThis).not.toHaveProperty('wasRun');
  });

  test('with an activation that is not known', async () => {
    expect(await refusal(withTopology('"activation":"relu"', '"activation":"snake"'))).toMatch(
      /activation snake/,
    );
  });

  test('as Keras 3 writes it', async () => {
    const topology = {
      class_name: 'Functional',
      config: {
        name: 'm',
        layers: [
          {
            class_name: 'InputLayer',
            name: 'x',
            config: {batch_shape: [null, 4], name: 'x'},
            inbound_nodes: [],
          },
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['x', 0, 0]],
      },
    };
    const files = [json({modelTopology: {model_config: topology}, weightsManifest: []})];
    expect(await refusal(files)).toMatch(/models of Keras 3/);
  });

  test('without an input shape', async () => {
    const files = withTopology(/"batch_input_shape":\[[^\]]*\],?/, '');
    expect(await refusal(files)).toMatch(/^The model does not say what shape its input has/);
  });
});

describe('files without a model', () => {
  test('none at all', async () => {
    expect(await refusal([])).toMatch(/^No file came\. Drop model\.json together/);
  });

  test('weights alone', async () => {
    expect(await refusal(good.slice(1))).toMatch(
      /^Only weights came \(shard1\.bin and shard2\.bin\)\. Drop the model\.json/,
    );
  });

  test('anything else', async () => {
    expect(await refusal([text('hello', 'notes.txt')])).toMatch(
      /^There is no model\.json among what came \(notes\.txt\)/,
    );
  });

  test.each([
    ['model.h5', '\u0000', /Keras model.*tensorflowjs_converter/],
    ['weights', '\u0089HDF\r\n', /Keras model.*tensorflowjs_converter/],
    ['model.keras', 'PK\u0003\u0004', /Keras model.*tensorflowjs_converter/],
    ['saved_model.pb', '\u0008\u0001', /SavedModel.*tensorflowjs_converter/],
    ['variables/variables.data-00000-of-00001', 'x', /SavedModel.*tensorflowjs_converter/],
    ['net.onnx', '\u0008', /ONNX.*tensorflowjs_converter/],
    ['net.tflite', '\u001c\u0000\u0000\u0000TFL3', /TensorFlow Lite.*tensorflowjs_converter/],
    ['lite', '\u001c\u0000\u0000\u0000TFL3', /TensorFlow Lite/],
    ['net.pt', 'PK\u0003\u0004', /PyTorch.*tensorflowjs_converter/],
    ['run.safetensors', 'x', /safetensors/],
    ['model.zip', 'PK\u0003\u0004', /archive.*Unpack it/],
    ['download', 'PK\u0003\u0004', /archive.*Unpack it/],
    ['weights.bin', 'PK\u0003\u0004', /archive.*Unpack it/],
  ])('%s', async (name, content, message) => {
    const file = new File([Buffer.from(content, 'latin1')], name);
    const said = await refusal([file]);
    expect(said).toMatch(message);
    expect(said.startsWith(`${name} is `)).toBe(true);
  });
});
