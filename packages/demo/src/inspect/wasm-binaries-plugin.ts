/** Puts the binaries of TensorFlow.js's WASM backend beside the page, in wasm/. */
import {readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Plugin} from 'vite';
import {packageFile} from '../io/package-file.js';

export function wasmBinariesPlugin(): Plugin {
  return {
    name: 'inspector-wasm-binaries',
    async generateBundle() {
      const folder = packageFile('@tensorflow/tfjs-backend-wasm', 'dist');
      const names = (await readdir(folder)).filter((name) => name.endsWith('.wasm'));
      for (const name of names) {
        const source = await readFile(join(folder, name));
        this.emitFile({type: 'asset', fileName: `wasm/${name}`, source});
      }
    },
  };
}
