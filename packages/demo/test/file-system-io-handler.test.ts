import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {layers, loadLayersModel, sequential} from '@tensorflow/tfjs-layers';
import {fileSystemIOHandler} from '../src/io/file-system-io-handler.js';
import {weightBytes} from '../src/io/weight-bytes.js';
import {saveModel} from './saved-model.js';
import {temporaryFolder} from './temporary-folder.js';

const folder = temporaryFolder();
const load = (path: string) => loadLayersModel(fileSystemIOHandler(path));

function smallModel() {
  return sequential({
    layers: [
      layers.dense({units: 5, inputShape: [3], activation: 'relu', biasInitializer: 'ones'}),
      layers.dense({units: 2}),
    ],
  });
}

test.each(['', 'model.json'])(
  'loads what was saved, from the folder or its file "%s"',
  async (file) => {
    const path = join(folder, `saved-${file}`);
    const model = smallModel();
    await saveModel(model, path);
    const loaded = await load(join(path, file));
    const x = tf.randomNormal([4, 3]);
    expect((loaded.predict(x) as tf.Tensor).dataSync()).toEqual(
      (model.predict(x) as tf.Tensor).dataSync(),
    );
  },
);

describe('says which file is wrong, and how', () => {
  const damaged = async (name: string, damage: (path: string) => void) => {
    const path = join(folder, name);
    await saveModel(smallModel(), path);
    damage(path);
    return path;
  };

  test('no model', async () => {
    await expect(load(join(folder, 'nowhere'))).rejects.toThrow(/cannot read the model .*nowhere/);
  });

  test('no JSON', async () => {
    const path = await damaged('text', (at) => writeFileSync(join(at, 'model.json'), 'hello'));
    await expect(load(path)).rejects.toThrow(/text.model\.json is not JSON/);
  });

  test.each(['{}', 'null', '{"modelTopology": {}, "weightsManifest": 3}'])(
    'no model in the JSON: %s',
    async (json) => {
      const path = await damaged('json', (at) => writeFileSync(join(at, 'model.json'), json));
      await expect(load(path)).rejects.toThrow(/no "modelTopology" and "weightsManifest"/);
    },
  );

  test('a shard is missing', async () => {
    const path = await damaged('missing', (at) => rmSync(join(at, 'shard2of2.bin')));
    await expect(load(path)).rejects.toThrow(/cannot read the weight shard .*shard2of2\.bin/);
  });

  test('a shard is too short', async () => {
    const path = await damaged('short', (at) => writeFileSync(join(at, 'shard2of2.bin'), 'abcd'));
    await expect(load(path)).rejects.toThrow(
      /asks for 128 bytes of weights, got 68 .*shard2of2\.bin: 4/,
    );
  });
});

test('counts quantised weights in the type that they are stored in', () => {
  const quantization = {dtype: 'uint8', min: 0, scale: 1} as const;
  const specs = [
    {name: 'a', shape: [3, 2], dtype: 'float32'},
    {name: 'b', shape: [5], dtype: 'float32', quantization},
    {name: 'c', shape: [], dtype: 'bool'},
  ] as const;
  expect(weightBytes(specs.map((spec) => ({...spec, shape: [...spec.shape]})))).toBe(30);
  expect(weightBytes([{name: 's', shape: [2], dtype: 'string'}])).toBeUndefined();
});
