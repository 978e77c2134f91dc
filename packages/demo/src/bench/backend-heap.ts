import {backend} from '@tensorflow/tfjs-core';

/**
 * How large the WASM backend's memory has grown, in bytes. It never shrinks, and grows in steps of a
 * fifth: a coarse upper bound of what was ever in use at one time. Null where it cannot be read.
 */
export function backendHeapBytes(): number | null {
  const {wasm} = backend() as unknown as {wasm?: {HEAPU8?: Uint8Array}};
  return wasm?.HEAPU8?.byteLength ?? null;
}
