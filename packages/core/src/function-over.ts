/** WASM functions of our own over a backend's memory, each made once for a backend. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {instantiateOver} from './wasm-over-memory.js';

/** The binary form of a module, as base64: what `*-code.ts` export. */
export type Code = (isShared: boolean) => string;

const functions = new WeakMap<KernelBackend, Map<Code, unknown>>();

/** @returns null where there is no WASM memory, or no SIMD */
export function functionOver(backend: KernelBackend, code: Code): unknown {
  let known = functions.get(backend);
  if (!known) functions.set(backend, (known = new Map<Code, unknown>()));
  let found = known.get(code);
  if (found === undefined) known.set(code, (found = instantiateOver(backend, code)));
  return found;
}
