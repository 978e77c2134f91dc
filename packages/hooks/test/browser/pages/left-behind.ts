/** What a scope could leave behind in a page, and whether its values are read back while it lasts. */
import {backend, getBackend, getKernelsForBackend, memory} from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';

export interface Memory {
  readonly tensors: number;
  readonly buffers: number;
  readonly bytes: number;
  readonly dataIds: number;
}

export function memoryNow(): Memory {
  const {numTensors, numDataBuffers, numBytes} = memory();
  return {
    tensors: numTensors,
    buffers: numDataBuffers,
    bytes: numBytes,
    dataIds: backend().numDataIds(),
  };
}

const kernelsNow = (): readonly KernelConfig[] => getKernelsForBackend(getBackend());

let originals: readonly KernelConfig[] = [];

/** Call before the first scope opens. */
export function rememberKernels(): void {
  originals = kernelsNow();
}

/** How many of the backend's kernels are another object than before the first scope. */
export function countChangedKernels(): number {
  const now = kernelsNow();
  const changed = originals.filter((kernel, i) => kernel !== now[i]).length;
  return changed + Math.abs(now.length - originals.length);
}

const READERS = ['read', 'readSync', 'readToGPU'] as const;

/** Counts how often the backend downloads values while `fn` runs. */
export function countReads<T>(fn: () => T): {reads: number; result: T} {
  const spied = backend() as unknown as Record<string, unknown>;
  let reads = 0;
  const present = READERS.filter((name) => typeof spied[name] === 'function');
  for (const name of present) {
    const original = spied[name] as (...args: unknown[]) => unknown;
    spied[name] = function (this: unknown, ...args: unknown[]): unknown {
      reads++;
      return original.apply(this, args);
    };
  }
  try {
    const result = fn();
    return {reads, result};
  } finally {
    // The methods are the prototype's: ours alone stood on the instance.
    for (const name of present) Reflect.deleteProperty(spied, name);
  }
}
