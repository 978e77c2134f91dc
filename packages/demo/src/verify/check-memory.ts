import {memory} from '@tensorflow/tfjs-core';
import {count} from './check.js';
import type {Check} from './check.js';

/** What TensorFlow.js holds now, to compare with later. */
export function memoryNow(): {tensors: number; bytes: number} {
  const {numTensors, numBytes} = memory();
  return {tensors: numTensors, bytes: numBytes};
}

/** Whether nothing is left of a capture that has been disposed. */
export function checkMemory(before: ReturnType<typeof memoryNow>, heldBytes: number): Check {
  const after = memoryNow();
  return {
    passed: after.tensors === before.tensors && after.bytes === before.bytes,
    sentence:
      `after dispose() nothing is left: ` +
      `${count(before.tensors)} tensors before the capture, ${count(after.tensors)} now; ` +
      `the capture held ${count(heldBytes)} bytes`,
  };
}
