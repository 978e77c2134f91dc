import {div} from '@tensorflow/tfjs-core';
import {runCommand} from './command-line.js';
import {demonstrate} from './demonstrate.js';
import {readPhoto} from './image/read-photo.js';
import {esrganSlimPhoto} from './models/esrgan-slim.js';
import {loadMobileNetV2, mobileNetV2Classes} from './models/mobilenet-v2.js';
import {startWasmBackend} from './wasm-backend.js';

await runCommand(
  {
    usage: 'npm run demo:mobilenet',
    about: 'Shows every pre- and post-activation of MobileNetV2 (ReLU up to 6) on a photo.',
    out: 'out/mobilenet-v2',
  },
  async ({image = esrganSlimPhoto, out}) => {
    await startWasmBackend();
    const {pixels} = await readPhoto(image, {square: 224});
    const model = await loadMobileNetV2();
    console.log(`MobileNetV2 on ${image}, taken as 224 × 224\n`);
    return demonstrate({
      model,
      input: div(pixels, 255),
      folder: out,
      showOutput: async (output) => {
        const shares = Array.from(
          await output.data(),
          (share, index) => `${mobileNetV2Classes[index]} ${(100 * share).toFixed(2)} %`,
        );
        return `The network's verdict: ${shares.join(', ')}`;
      },
    });
  },
);
