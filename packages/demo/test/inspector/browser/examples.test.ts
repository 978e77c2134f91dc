// The example models beside the page are what their packages hold, and run as these do.
import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {loadGraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import sharp from 'sharp';
import type {ExampleModel} from '../../../inspector/protocol/model.js';
import {exampleModels} from '../../../src/inspect/example-models.js';
import {fileSystemIOHandler} from '../../../src/io/file-system-io-handler.js';
import {packageFile} from '../../../src/io/package-file.js';
import {weightBytes} from '../../../src/io/weight-bytes.js';
import {loadEsrganSlim} from '../../../src/models/esrgan-slim.js';
import {loadFacemesh} from '../../../src/models/graph-models.js';
import {loadMobileNetV2} from '../../../src/models/mobilenet-v2.js';
import {checkSameBits} from '../../../src/verify/check-same-bits.js';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {temporaryFolder} from '../../temporary-folder.js';
import {useServer} from './support/inspector-server.js';

/** As the page knows them: that it compiles is a part of the test. */
const examples: readonly ExampleModel[] = exampleModels.map(({example}) => example);

const server = useServer();
const folder = temporaryFolder();
beforeAll(startWasmBackend);

async function served(path: string): Promise<Buffer> {
  // Predicting may take longer than the server keeps a connection open.
  const headers = {Connection: 'close'};
  const response = await fetch(new URL(path, server().url), {headers});
  expect(`${path}: ${response.status}`).toBe(`${path}: 200`);
  return Buffer.from(await response.arrayBuffer());
}

test('examples.json tells the page of all of them', async () => {
  expect(JSON.parse((await served('examples/examples.json')).toString())).toEqual(examples);
});

describe.each([
  {
    id: 'esrgan-slim',
    load: loadEsrganSlim,
    shape: [1, 24, 40, 3],
    largest: 255,
    preparation: {range: '0 to 255', longestSide: 128},
    classes: undefined,
  },
  {
    id: 'mobilenet-v2',
    load: loadMobileNetV2,
    shape: [1, 224, 224, 3],
    largest: 1,
    preparation: {range: '0 to 1', longestSide: 224},
    classes: ['drawing', 'hentai', 'neutral', 'porn', 'sexy'],
  },
  {
    id: 'face-mesh',
    load: loadFacemesh,
    shape: [1, 192, 192, 3],
    largest: 1,
    preparation: {range: '0 to 1', longestSide: 192},
    classes: undefined,
  },
])('$id', ({id, load, shape, largest, preparation, classes}) => {
  const example = () => examples.find((one) => one.id === id)!;

  test('is described', () => {
    expect(example()).toMatchObject({preparation});
    expect(example().classes).toEqual(classes);
  });

  test('has the weights that model.json asks for, in one file', async () => {
    const {weightsManifest, modelTopology} = JSON.parse(
      (await served(example().url)).toString(),
    ) as tf.io.ModelJSON;
    expect(modelTopology).toBeInstanceOf(Object);
    expect(weightsManifest.map(({paths}) => paths)).toEqual([['weights.bin']]);
    const weights = await served(`examples/${id}/weights.bin`);
    expect(weights).toHaveLength(weightBytes(weightsManifest.flatMap((group) => group.weights))!);
  });

  test('predicts as it does from its package, bit for bit', async () => {
    const json = await served(example().url);
    writeFileSync(join(folder, 'model.json'), json);
    writeFileSync(join(folder, 'weights.bin'), await served(`examples/${id}/weights.bin`));
    const {format} = JSON.parse(json.toString()) as tf.io.ModelJSON;
    const loadFiles = format === 'graph-model' ? loadGraphModel : loadLayersModel;

    const x = tf.randomUniform(shape, 0, largest, 'float32', 7);
    const plain = [(await load()).predict(x)].flat() as tf.Tensor[];
    const fromFiles = [(await loadFiles(fileSystemIOHandler(folder))).predict(x)].flat();
    expect(fromFiles).toHaveLength(plain.length);
    for (const [index, tensor] of plain.entries()) {
      // An output that is the same everywhere would be so whatever the weights are.
      if (tensor.size > 1) expect(new Set(tensor.dataSync()).size).toBeGreaterThan(1);
      const same = await checkSameBits(fromFiles[index] as tf.Tensor, tensor);
      expect(same).toMatchObject({passed: true});
    }
  });

  test('has an opaque picture that browsers can show', async () => {
    const picture = sharp(await served(example().imageUrl));
    const {format, width, height} = await picture.metadata();
    expect(format).toBe('png');
    expect((await picture.stats()).isOpaque).toBe(true);
    expect(Math.max(width, height)).toBeLessThanOrEqual(512);
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(128);
  });
});

test('the WASM binaries are those of the installed backend', async () => {
  const dist = packageFile('@tensorflow/tfjs-backend-wasm', 'dist');
  const names = readdirSync(dist).filter((name) => name.endsWith('.wasm'));
  expect(names).toHaveLength(3);
  for (const name of names) {
    expect((await served(`wasm/${name}`)).equals(readFileSync(join(dist, name)))).toBe(true);
  }
});
