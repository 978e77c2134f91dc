import type {io} from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {fileSystemIOHandler} from '../io/file-system-io-handler.js';
import {packageFile} from '../io/package-file.js';

const PACKAGE = '@upscalerjs/default-model';

/** The photo that the package ships: 128 × 128. */
export const esrganSlimPhoto = packageFile(PACKAGE, 'assets/fixture.png');

/** What the package's authors got for that photo: 256 × 256. */
export const esrganSlimGolden = packageFile(PACKAGE, 'assets/samples/2x/result.png');

/**
 * ESRGAN-slim, a pretrained super-resolution network that doubles width and height. Input [batch,
 * height, width, 3], values 0 to 255; output [batch, 2 height, 2 width, 3] in the same range. All
 * of its layers are TensorFlow.js's own: nothing has to be registered first.
 */
export function loadEsrganSlim(): Promise<LayersModel> {
  return loadLayersModel(esrganSlimFiles());
}

/** Where TensorFlow.js finds that model. */
export function esrganSlimFiles(): io.IOHandler {
  return fileSystemIOHandler(packageFile(PACKAGE, 'models/model.json'));
}
