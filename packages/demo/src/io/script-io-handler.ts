import {createRequire} from 'node:module';
import {join} from 'node:path';
import {io} from '@tensorflow/tfjs-core';
import {weightBytes} from './weight-bytes.js';

/**
 * Loads a model that an npm package holds as scripts, as nsfwjs does: model.min.js exports what
 * model.json would hold, and for each shard there is a script that exports its bytes in base64.
 *
 * The package's own loader would bring a second TensorFlow.js and takes 40 times as long.
 *
 * @param folder where the scripts are
 * @throws Error (from `load`) if a script is missing, or the weights have another size than the model says
 */
export function scriptIOHandler(folder: string): io.IOHandler {
  return {
    load: () =>
      io.getModelArtifactsForJSON(requireScript(folder, 'model') as io.ModelJSON, (manifest) => {
        const specs = manifest.flatMap((group) => group.weights);
        const shards = manifest
          .flatMap((group) => group.paths)
          .map((path) => Buffer.from(requireScript(folder, path) as string, 'base64'));
        return Promise.resolve([specs, joined(shards, specs, folder)]);
      }),
  };
}

const require = createRequire(import.meta.url);

function requireScript(folder: string, name: string): unknown {
  return require(join(folder, `${name}.min.js`));
}

function joined(
  shards: readonly Buffer[],
  specs: readonly io.WeightsManifestEntry[],
  folder: string,
): ArrayBuffer {
  const weights = Buffer.concat(shards);
  if (weights.length !== weightBytes(specs)) {
    throw new Error(
      `scriptIOHandler: the model in ${folder} asks for ${weightBytes(specs)} bytes of weights, got ${weights.length}.`,
    );
  }
  return weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length);
}
