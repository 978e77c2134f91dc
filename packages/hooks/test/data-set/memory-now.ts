// What is in use at this moment, garbage collected.
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

import * as tf from '@tensorflow/tfjs-core';

export interface MemoryNow {
  readonly tensors: number;
  readonly tensorBytes: number;
  /** JavaScript's objects, and what typed arrays hold outside of its heap. */
  readonly heapBytes: number;
  /** How large the WASM backend's memory has grown; 0 on others. */
  readonly wasmBytes: number;
}

export function memoryNow(): MemoryNow {
  collectGarbage();
  const {numTensors, numBytes} = tf.memory();
  const {heapUsed, arrayBuffers} = process.memoryUsage();
  const {wasm} = tf.backend() as unknown as {wasm?: {HEAPU8: Uint8Array}};
  return {
    tensors: numTensors,
    tensorBytes: numBytes,
    heapBytes: heapUsed + arrayBuffers,
    wasmBytes: wasm?.HEAPU8.byteLength ?? 0,
  };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // What the first one finds out to be unreachable may hold more.
  gc();
  gc();
}
