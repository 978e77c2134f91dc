/** Starts the one backend that a page is about, and tells what it really got. */
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import {env, getBackend, ready, setBackend} from '@tensorflow/tfjs-core';
// Recurrent layers' default initializer calls `x.flatten()`.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import {rememberKernels} from './left-behind.js';

export interface Started {
  readonly backend: string;
  readonly isolated: boolean;
  /** Whether the WASM backend may use threads here. */
  readonly threads: boolean;
}

export async function startBackend(name: string): Promise<Started> {
  setWasmPaths('/tfjs-backend-wasm/');
  if (!(await setBackend(name))) throw new Error(`TensorFlow.js cannot start its ${name} backend.`);
  await ready();
  rememberKernels();
  return {
    backend: getBackend(),
    isolated: globalThis.crossOriginIsolated,
    threads: (await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')) as boolean,
  };
}
