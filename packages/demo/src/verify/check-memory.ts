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
  const {passed, sentence} = checkNothingLeft(before, 'after dispose()', 'the capture');
  return {passed, sentence: `${sentence}; the capture held ${count(heldBytes)} bytes`};
}

/** Whether TensorFlow.js holds what it held before something that is over now. */
export function checkNothingLeft(
  before: ReturnType<typeof memoryNow>,
  when: string,
  what: string,
): Check {
  const after = memoryNow();
  return {
    passed: after.tensors === before.tensors && after.bytes === before.bytes,
    sentence:
      `${when} nothing is left: ` +
      `${count(before.tensors)} tensors before ${what}, ${count(after.tensors)} now`,
  };
}
