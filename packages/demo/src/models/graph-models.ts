/** Pretrained GraphModels, as `tfjs_converter` made them, from npm packages. */
import {loadGraphModel} from '@tensorflow/tfjs-converter';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {io} from '@tensorflow/tfjs-core';
import {fileSystemIOHandler} from '../io/file-system-io-handler.js';
import {packageFile} from '../io/package-file.js';
import {scriptIOHandler} from '../io/script-io-handler.js';

/**
 * MediaPipe's face mesh: PReLUs, most of them nodes of their own. Input [batch, 192, 192, 3], values 0
 * to 1; three outputs: the mesh, whether there is a face, and contours.
 */
export function loadFacemesh(): Promise<GraphModel> {
  return loadGraphModel(facemeshFiles());
}

/** Where TensorFlow.js finds that model. */
export function facemeshFiles(): io.IOHandler {
  return humanFiles('facemesh');
}

/**
 * MoveNet Lightning, which finds 17 key points of a body: ReLUs up to 6, fused into convolutions. Input
 * [1, 192, 192, 3], int32 values 0 to 255; output [1, 1, 17, 3]: y, x and confidence.
 */
export function loadMoveNetLightning(): Promise<GraphModel> {
  return loadGraphModel(humanFiles('movenet-lightning'));
}

/**
 * The larger MobileNetV2 of the nsfwjs package, batch normalisation folded into its convolutions. Input
 * [batch, 224, 224, 3], values 0 to 1; output [batch, 5], probabilities, in the order of `mobileNetV2Classes`.
 */
export function loadMobileNetV2Mid(): Promise<GraphModel> {
  return loadGraphModel(scriptIOHandler(packageFile('nsfwjs', 'dist/models/mobilenet_v2_mid')));
}

function humanFiles(name: string): io.IOHandler {
  return fileSystemIOHandler(packageFile('@vladmandic/human', `models/${name}.json`));
}
