import {createRequire} from 'node:module';
import {io} from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {weightBytes} from '../io/weight-bytes.js';
import {packageFile} from '../io/package-file.js';

const FOLDER = 'dist/models/mobilenet_v2';

/** What the five outputs stand for, in their order. */
export const mobileNetV2Classes = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const;

/**
 * The MobileNetV2 of the nsfwjs package, pretrained to sort photos. Input [batch, 224, 224, 3],
 * values 0 to 1; output [batch, 5], probabilities.
 *
 * The package holds the model as scripts: model.json as an object, each shard as a base64 string.
 * They are decoded here; the package's own loader would bring a second TensorFlow.js and takes 40
 * times as long.
 */
export async function loadMobileNetV2(): Promise<LayersModel> {
  const {modelTopology, weightsManifest} = requireScript('model') as io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const shards = weightsManifest
    .flatMap((group) => group.paths)
    .map((path) => Buffer.from(requireScript(path) as string, 'base64'));
  const weights = Buffer.concat(shards);
  if (weights.length !== weightBytes(weightSpecs)) {
    throw new Error(
      `loadMobileNetV2: the model asks for ${weightBytes(weightSpecs)} bytes of weights, got ${weights.length}.`,
    );
  }
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length);
  return loadLayersModel(io.fromMemory({modelTopology, weightSpecs, weightData}));
}

const require = createRequire(import.meta.url);

function requireScript(name: string): unknown {
  return require(packageFile('nsfwjs', `${FOLDER}/${name}.min.js`));
}
