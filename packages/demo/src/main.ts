import {join} from 'node:path';
import {runCommand} from './command-line.js';
import {demonstrate} from './demonstrate.js';
import {readPhoto} from './image/read-photo.js';
import {writePhoto} from './image/write-photo.js';
import {esrganSlimPhoto, loadEsrganSlim} from './models/esrgan-slim.js';
import {startWasmBackend} from './wasm-backend.js';

/** Time and memory grow with the pixels; this keeps the demo under a minute. */
const LONGEST_SIDE = 384;

await runCommand(
  {
    usage: 'npm run demo',
    about:
      'Shows every pre- and post-activation of ESRGAN-slim, which doubles the size of a photo.\n' +
      `Photos longer than ${LONGEST_SIDE} pixels are shrunk first.`,
    out: 'out/esrgan-slim',
  },
  async ({image = esrganSlimPhoto, out}) => {
    await startWasmBackend();
    const {pixels, width, height} = await readPhoto(image, {longestSide: LONGEST_SIDE});
    const model = await loadEsrganSlim();
    console.log(
      `ESRGAN-slim on ${image}, ${width} × ${height}, taken as ${pixels.shape[2]} × ${pixels.shape[1]}\n`,
    );
    return demonstrate({
      model,
      input: pixels,
      folder: out,
      showOutput: async (output, folder) => {
        await writePhoto(join(folder, 'input.png'), pixels);
        await writePhoto(join(folder, 'output.png'), output);
        return `The photo and its double: ${join(folder, '{input,output}.png')}`;
      },
    });
  },
);
