import {dirname, sep} from 'node:path';
import {createRequire} from 'node:module';
import {ready, setBackend} from '@tensorflow/tfjs-core';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';

/** Makes WASM the backend. In Node the binaries must be looked up in the package's own folder. */
export async function startWasmBackend(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(entry) + sep);
  if (!(await setBackend('wasm')))
    throw new Error('startWasmBackend: TensorFlow.js could not start its WASM backend.');
  await ready();
}
