/** Makes TensorFlow.js's WASM backend say that its memory is full: by itself it goes on with wrong values. */
import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {bytesInWords} from './in-words.js';

/** What TensorFlow.js's typings leave out of its WebAssembly module. */
export interface Allocator {
  _malloc: (bytes: number) => number;
  _free: (offset: number) => void;
}

const ADDRESSABLE = 2 ** 32;

/**
 * From now on the backend throws where memory cannot be had. Its allocator answers 0 then, which
 * the backend takes for an address and writes to.
 *
 * @returns the undo
 */
export function throwWhenMemoryIsFull(backend: BackendWasm): () => void {
  const wasm = backend.wasm as unknown as Allocator;
  // Its first use puts the real function in the place of a stub, and would throw ours out.
  wasm._free(wasm._malloc(1));
  const own = wasm._malloc;
  wasm._malloc = (bytes) => {
    // A larger number would lose its upper bits on the way, and so be granted.
    const offset = bytes < ADDRESSABLE ? own(bytes) : 0;
    if (offset !== 0) return offset;
    throw new RangeError(`WebAssembly.Memory is full: ${bytesInWords(bytes)} more were asked for.`);
  };
  return () => {
    wasm._malloc = own;
  };
}
