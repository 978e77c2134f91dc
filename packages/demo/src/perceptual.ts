import {div, tidy} from '@tensorflow/tfjs-core';
import {runCommand} from './command-line.js';
import {readPhoto} from './image/read-photo.js';
import {esrganSlimPhoto} from './models/esrgan-slim.js';
import {loadMobileNetV2} from './models/mobilenet-v2.js';
import {compareLosses} from './perceptual/compare-losses.js';
import {startWasmBackend} from './wasm-backend.js';

/** Time grows with the pixels; this keeps the demo within a minute. */
const SIZE = 128;
/** Behind MobileNetV2's first depthwise convolution: early, so that its gradient is cheap. */
const LAYER = 'expanded_conv_depthwise_relu';
const STEPS = 150;

await runCommand(
  {
    usage: 'npm run demo:perceptual',
    about:
      'Trains a small super-resolution network twice, from the same start: by the perceptual loss on features\n' +
      'of a pretrained MobileNetV2 before an activation, as in ESRGAN, and after it.\n' +
      `Photos are cut to ${SIZE} × ${SIZE} pixels.`,
    out: 'out/perceptual',
  },
  async ({image = esrganSlimPhoto, out}) => {
    await startWasmBackend();
    const {pixels} = await readPhoto(image, {square: SIZE});
    const network = await loadMobileNetV2();
    console.log(
      `Perceptual loss at MobileNetV2's ${LAYER} on ${image}: from ${SIZE / 2} × ${SIZE / 2} ` +
        `to ${SIZE} × ${SIZE}, ${STEPS} steps on each side\n`,
    );
    return compareLosses({
      network,
      layer: LAYER,
      target: tidy(() => div(pixels, 255)),
      generator: {filters: 16, seed: 1},
      steps: STEPS,
      learningRate: 0.002,
      folder: out,
    });
  },
);
