/** WASM of our own over the memory in which the WASM backend keeps its tensors. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {wasmMemoryOf} from './tfjs-internals.js';

// The platform's, without a library of types that core must not depend on.
declare const atob: (base64: string) => string;
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => {exports: {'': unknown}};
};

/**
 * The one function, named '', of a module that imports that memory, also as ''. Make it once for a backend.
 *
 * @param code the module as base64; memory that threads share must be imported as such
 * @returns null where there is no WASM memory, or no SIMD
 */
export function instantiateOver(
  backend: KernelBackend,
  code: (isShared: boolean) => string,
): unknown {
  const memory = wasmMemoryOf(backend);
  if (!memory) return null;
  try {
    // By name: memory of another realm has another ArrayBuffer.
    const binary = atob(code(memory.buffer.constructor.name === 'SharedArrayBuffer'));
    const module = new WebAssembly.Module(Uint8Array.from(binary, (byte) => byte.charCodeAt(0)));
    return new WebAssembly.Instance(module, {'': {'': memory}}).exports[''];
  } catch {
    return null;
  }
}
