import {memory} from '@tensorflow/tfjs-core';
import type {Variant, Yielded} from './variant.js';

/**
 * What a variant holds while its user looks at what it got. The model's own result is left out,
 * unless it is one of the activations too.
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
  const {result, captured} = yielded;
  const isHeldAnyway = result && [...(yielded.post?.values() ?? [])].includes(result);
  const own = result && !isHeldAnyway ? result.size : 0;
  const tensors = during.numTensors - before.numTensors - (own > 0 ? 1 : 0);
  // All results are float32: four bytes a value.
  const bytes = during.numBytes - before.numBytes - 4 * own;
  yielded.dispose();
  const left = memory().numBytes - before.numBytes;
  return [seen, {tensors, bytes, excess: captured ? bytes - captured.bytes : null, left}];
}
