import {memory, util} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Variant, Yielded} from './variant.js';

/**
 * What a variant holds while its user looks at what it got. The model's own results are left out,
 * unless they are among what it got too.
 */
export interface Held {
  readonly tensors: number;
  readonly bytes: number;
  /** Bytes beyond the captured tensors themselves; null for what is no capture. */
  readonly excess: number | null;
  /** Bytes still held once it has been disposed of; 0 unless something leaks. */
  readonly left: number;
}

/** Runs a variant once and counts. `look` sees what it got before that is disposed of. */
export async function heldBy<T>(
  variant: Variant,
  look: (yielded: Yielded) => T,
): Promise<[T, Held]> {
  const before = memory();
  const yielded = await variant.yield();
  const during = memory();
  const seen = look(yielded);
  const {pre, post, output, results = [], captured} = yielded;
  const got = [pre, post, output].flatMap((tensors) => [...(tensors?.values() ?? [])]);
  const own = results.filter((result) => !got.includes(result));
  const tensors = during.numTensors - before.numTensors - own.length;
  const bytes = during.numBytes - before.numBytes - bytesOf(own);
  const excess = captured ? bytes - captured.bytes - countedAgain(got) : null;
  yielded.dispose();
  const left = memory().numBytes - before.numBytes;
  return [seen, {tensors, bytes, excess, left}];
}

function bytesOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, {size, dtype}) => sum + size * util.bytesPerElement(dtype), 0);
}

/** `tf.memory()` counts data once for each tensor that shares it, as nodes that reshape do. */
function countedAgain(tensors: readonly Tensor[]): number {
  const byData = new Map(tensors.map((tensor) => [tensor.dataId, tensor]));
  return bytesOf(tensors) - bytesOf([...byData.values()]);
}
