import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {scriptIOHandler} from '../src/io/script-io-handler.js';
import {temporaryFolder} from './temporary-folder.js';

const folder = temporaryFolder();
const script = (name: string, value: unknown) =>
  writeFileSync(join(folder, `${name}.min.js`), `module.exports = ${JSON.stringify(value)};`);

/** A model of five bytes, in two shards. */
function writeModel(shards: readonly (readonly number[])[]): void {
  const paths = shards.map((_, index) => `shard${index}`);
  const quantization = {dtype: 'uint8', scale: 1, min: 0};
  const weights = [{name: 'weight', shape: [5], dtype: 'float32', quantization}];
  script('model', {modelTopology: {node: []}, weightsManifest: [{paths, weights}]});
  for (const [index, bytes] of shards.entries()) {
    script(`shard${index}`, Buffer.from(bytes).toString('base64'));
  }
}

beforeEach(() => jest.resetModules());

test('decodes the shards, and joins them', async () => {
  writeModel([
    [1, 2, 3],
    [4, 255],
  ]);
  const artifacts = await scriptIOHandler(folder).load!();
  expect([...new Uint8Array(artifacts.weightData as ArrayBuffer)]).toEqual([1, 2, 3, 4, 255]);
  expect(artifacts.weightSpecs).toMatchObject([{name: 'weight', shape: [5]}]);
  expect(artifacts.modelTopology).toEqual({node: []});
});

test('says if the weights have another size, and where', async () => {
  writeModel([[1, 2, 3], [4]]);
  await expect(scriptIOHandler(folder).load!()).rejects.toThrow(
    `the model in ${folder} asks for 5 bytes of weights, got 4.`,
  );
});
