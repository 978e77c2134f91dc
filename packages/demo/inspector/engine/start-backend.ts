/** Starts TensorFlow.js on one backend, and loads the code of that one alone. */
import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {backend as activeBackend, env, getBackend, ready, setBackend} from '@tensorflow/tfjs-core';
import {BACKEND_TITLES} from '../protocol/engine.js';
import type {BackendName} from '../protocol/engine.js';
import {throwWhenMemoryIsFull} from './full-wasm-memory.js';
import {InspectorError} from './inspector-error.js';

/**
 * @param wasmFolder where the WASM backend's binaries are; they are asked for by their names there
 * @throws InspectorError if the browser cannot run it
 */
export async function startBackend(backend: BackendName, wasmFolder: string): Promise<void> {
  const isRunning = getBackend() === backend;
  await importBackend(backend, wasmFolder);
  const isStarted = await setBackend(backend).catch(() => false);
  if (!isStarted) {
    throw new InspectorError(
      `This browser could not start ${BACKEND_TITLES[backend]}. Choose ${BACKEND_TITLES[backend === 'wasm' ? 'webgl' : 'wasm']} instead.`,
    );
  }
  await ready();
  if (backend === 'wasm' && !isRunning) throwWhenMemoryIsFull(activeBackend() as BackendWasm);
}

async function importBackend(backend: BackendName, wasmFolder: string): Promise<void> {
  if (backend === 'webgl') await import('@tensorflow/tfjs-backend-webgl');
  else if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  else {
    const {setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm');
    // Threads would be workers made of text, which the page's policy refuses.
    if (getBackend() !== 'wasm') {
      env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      setWasmPaths(wasmFolder);
    }
  }
}
