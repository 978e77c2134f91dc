/** From where to where a tensor's values are. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {isInMemory} from './borrow-memory.js';
import {functionOver} from '../function-over.js';
import {valueRangeCode} from './value-range-code.js';

/** The function of value-range.wat, as that says. */
type FindRange = (at: number, end: number) => readonly [min: number, max: number];

/** With fewer values it takes longer to call WASM than to read them. */
const FEWEST_VALUES = 200;

/**
 * The least and the largest finite value; Infinity and -Infinity where there is none. Sets no memory aside.
 *
 * @param values as a tensor has them, without a copy
 * @param backend the one that holds them
 */
export function valueRange(
  values: Float32Array,
  backend: KernelBackend,
): readonly [min: number, max: number] {
  const read =
    values.length >= FEWEST_VALUES && isInMemory(values, backend)
      ? (functionOver(backend, valueRangeCode) as FindRange | null)
      : null;
  if (!read) return plainRange(values);
  const count = values.length & ~7;
  const [min, max] = read(values.byteOffset, values.byteOffset + 4 * count);
  // It leaves NaN out, and no infinite ones; without any other the two are the wrong way round.
  if (min === -Infinity || max === Infinity) return plainRange(values);
  const rest = plainRange(values.subarray(count));
  return [Math.min(min, rest[0]), Math.max(max, rest[1])];
}

function plainRange(values: Float32Array): readonly [min: number, max: number] {
  let min = Infinity;
  let max = -Infinity;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value < min && value > -Infinity) min = value;
    if (value > max && value < Infinity) max = value;
  }
  return [min, max];
}
