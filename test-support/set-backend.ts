// Runs in every test file before its tests: one backend of TensorFlow.js, as jest's project names it.
import {createRequire} from 'node:module';
import {dirname, join, sep} from 'node:path';

import '@tensorflow/tfjs-backend-cpu';
// Recurrent layers' default initializer calls `x.flatten()`, which tfjs-core's Node build does not bring.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
// Brings the gradients, which tfjs-core's Node build does not.
import '@tensorflow/tfjs-layers';

import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

declare global {
  var TFJS_BACKEND: 'wasm' | 'cpu';
}

// In Node the backend never starts threads, so this takes the plain SIMD build.
const wasmDirectory = dirname(
  createRequire(join(process.cwd(), 'package.json')).resolve('@tensorflow/tfjs-backend-wasm'),
);
wasm.setWasmPaths(wasmDirectory + sep);

/** Settles before a test file is loaded, so that its describe bodies may build models. */
export const backendReady = startBackend(globalThis.TFJS_BACKEND);

async function startBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name)))
    throw new Error(`TensorFlow.js cannot start its ${name} backend.`);
  await tf.ready();
  // Its first use would print an advertisement for tfjs-node, once per test file.
  if (name === 'cpu') (tf.backend() as unknown as {firstUse: boolean}).firstUse = false;
}
