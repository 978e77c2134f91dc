import type {io} from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {packageFile} from '../io/package-file.js';
import {scriptIOHandler} from '../io/script-io-handler.js';

/** What the five outputs stand for, in their order. */
export const mobileNetV2Classes = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const;

/**
 * The MobileNetV2 of the nsfwjs package, pretrained to sort photos. Input [batch, 224, 224, 3],
 * values 0 to 1; output [batch, 5], probabilities.
 */
export function loadMobileNetV2(): Promise<LayersModel> {
  return loadLayersModel(mobileNetV2Files());
}

/** Where TensorFlow.js finds that model. */
export function mobileNetV2Files(): io.IOHandler {
  return scriptIOHandler(packageFile('nsfwjs', 'dist/models/mobilenet_v2'));
}
