import {reverse, sub} from '@tensorflow/tfjs-core';
import {runCommand} from './command-line.js';
import {demonstrate} from './demonstrate.js';
import {readPhoto} from './image/read-photo.js';
import {esrganSlimPhoto} from './models/esrgan-slim.js';
import {buildVgg19, vgg19MeansBgr} from './models/vgg19.js';
import {startWasmBackend} from './wasm-backend.js';

const SIZE = 224;

await runCommand(
  {
    usage: 'npm run demo:vgg19',
    about:
      'Shows every pre- and post-activation of VGG19 (convolutions that hold their ReLU) on a photo.',
    out: 'out/vgg19',
    takesWeights: true,
  },
  async ({image = esrganSlimPhoto, out, weights}) => {
    await startWasmBackend();
    const {pixels} = await readPhoto(image, {square: SIZE});
    const {model, weightsFrom} = await buildVgg19({
      size: SIZE,
      ...(weights === undefined ? {} : {weightsPath: weights}),
    });
    console.log(`VGG19 on ${image}, taken as ${SIZE} × ${SIZE}. Weights: ${weightsFrom}\n`);
    return demonstrate({
      model,
      input: sub(reverse(pixels, -1), [...vgg19MeansBgr]),
      folder: out,
      showOutput: (output) =>
        Promise.resolve(`The network's output: [${output.shape.join(', ')}] features`),
    });
  },
);
