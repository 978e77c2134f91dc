import {readFile, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {io} from '@tensorflow/tfjs-core';
import {weightBytes} from './weight-bytes.js';

/**
 * Loads a model that was saved in TensorFlow.js's own format (model.json and its weight shards)
 * from disk, without tfjs-node:
 * `loadLayersModel(fileSystemIOHandler('path/to/model.json'))`.
 *
 * @param path model.json, or the folder that holds it. Shards are looked up beside it.
 * @throws Error (from `load`) that names the file: not there, not readable as a model, or of
 * another size than model.json says.
 */
export function fileSystemIOHandler(path: string): io.IOHandler {
  return {
    load: async () => {
      const modelPath = await findModelJson(path);
      const model = await readModelJson(modelPath);
      return io.getModelArtifactsForJSON(model, async (manifest) => {
        const specs = manifest.flatMap((group) => group.weights);
        const groups = await Promise.all(manifest.map((group) => readGroup(group, modelPath)));
        return [specs, io.CompositeArrayBuffer.join(groups)];
      });
    },
  };
}

async function findModelJson(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? join(path, 'model.json') : path;
}

async function readModelJson(path: string): Promise<io.ModelJSON> {
  const text = (await readBytes(path, 'model')).toString('utf8');
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (error) {
    throw new Error(
      `fileSystemIOHandler: ${path} is not JSON. Give the model.json that TensorFlow.js saved.`,
      {cause: error},
    );
  }
  if (!isModelJson(model)) {
    throw new Error(
      `fileSystemIOHandler: ${path} has no "modelTopology" and "weightsManifest". ` +
        'Give the model.json that TensorFlow.js saved.',
    );
  }
  return model;
}

function isModelJson(value: unknown): value is io.ModelJSON {
  return (
    typeof value === 'object' &&
    value !== null &&
    'modelTopology' in value &&
    'weightsManifest' in value &&
    Array.isArray(value.weightsManifest)
  );
}

async function readGroup(
  group: io.WeightsManifestConfig[number],
  modelPath: string,
): Promise<ArrayBuffer> {
  const paths = group.paths.map((path) => join(dirname(modelPath), path));
  const shards = await Promise.all(paths.map((path) => readBytes(path, 'weight shard')));
  const joined = Buffer.concat(shards);
  const expected = weightBytes(group.weights);
  if (expected !== undefined && joined.length !== expected) {
    const sizes = paths.map((path, index) => `${path}: ${shards[index]?.length}`).join(', ');
    throw new Error(
      `fileSystemIOHandler: ${modelPath} asks for ${expected} bytes of weights, got ${joined.length} (${sizes}). ` +
        'A shard is cut short or belongs to another model.',
    );
  }
  return joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.length);
}

async function readBytes(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(
      `fileSystemIOHandler: cannot read the ${what} ${path}. ` +
        'Is the path right, and is the file there?',
      {
        cause: error,
      },
    );
  }
}
