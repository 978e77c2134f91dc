/** What we know of the WASM backend, over a memory of the test's own. */
import type {KernelBackend} from '@tensorflow/tfjs-core';

export const PAGE = 1 << 16;
const {Memory} = (globalThis as unknown as {WebAssembly: WasmMemories}).WebAssembly;
interface WasmMemories {
  Memory: new (description: object) => {buffer: ArrayBufferLike; grow(pages: number): void};
}

/** A memory that grows for whatever is set aside. */
export function backendOver(isShared: boolean) {
  const wasmMemory = new Memory({initial: 2, maximum: 1024, shared: isShared});
  const taken: number[] = [];
  const wasm = {
    wasmMemory,
    _malloc(_bytes: number): number {
      const address = wasmMemory.buffer.byteLength;
      wasmMemory.grow(1);
      taken.push(address);
      return address;
    },
    _free(address: number): void {
      taken.splice(taken.indexOf(address), 1);
    },
  };
  // Ends where the memory ends, so that nothing beyond it can be read.
  const values = new Float32Array(wasmMemory.buffer, PAGE, PAGE / 4);
  for (let i = 0; i < values.length; i++) values[i] = i % 1001;
  return {backend: {wasm} as unknown as KernelBackend, wasm, values, taken};
}
