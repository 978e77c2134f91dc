/** Which units of a value a ready-made edit changes: the indices that are named of one axis, or all. */
import {CaptureArgumentError, wrongArgument} from '@tfjs-capture/core';
import type {EditPoint} from '@tfjs-capture/core';
import {tensor, where} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/** Units by their indices, or one by its index. */
export type Units = number | readonly number[];

/** Along which axis units lie. */
export interface UnitAxis {
  /** -1, the last one, unless given: units of a Dense layer, channels of a convolution. */
  readonly axis?: number;
}

/** Units of any axis, checked; those of a value are found once that is there. */
export interface NamedUnits {
  readonly asker: string;
  readonly indices: readonly number[];
  readonly axis: number;
}

/**
 * @param asker the public function, for messages
 * @param units undefined for the whole value
 * @returns null for the whole value
 * @throws CaptureArgumentError for anything but indices, and for an axis that is none
 */
export function namedUnits(
  asker: string,
  units: Units | undefined,
  options: UnitAxis = {},
): NamedUnits | null {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrongArgument(asker, 'the options must be an object', options, 'Pass {axis: 1}.');
  }
  const {axis = -1} = options;
  if (!Number.isInteger(axis)) {
    throw wrongArgument(asker, 'axis must be an integer', axis, 'Pass -1 for the last axis.');
  }
  if (units === undefined) return null;
  const indices = Array.isArray(units) ? (units as readonly unknown[]) : [units];
  for (const index of indices) {
    if (!Number.isInteger(index) || (index as number) < 0) {
      const rule = 'units must be indices, whole numbers from 0 on';
      throw wrongArgument(asker, rule, index, 'Pass [0, 3], or nothing for all of them.');
    }
  }
  return {asker, indices: indices as readonly number[], axis};
}

/**
 * Which values are the units', as booleans that broadcast over the value.
 *
 * @throws CaptureArgumentError if the value has no such axis or units
 */
export function maskOf(
  {asker, indices, axis}: NamedUnits,
  {shape, rank}: Tensor,
  {name}: EditPoint,
): Tensor {
  const place = axis < 0 ? axis + rank : axis;
  const size = shape[place];
  if (size === undefined) throw misfit(asker, name, shape, 'axis', axis, 'Check the axis.');
  const mask = new Array<boolean>(size).fill(false);
  for (const index of indices) {
    if (index >= size) {
      throw misfit(asker, name, shape, 'unit', index, `Axis ${axis} has units 0 to ${size - 1}.`);
    }
    mask[index] = true;
  }
  // Booleans from the beginning: WASM's cast from floats makes some of them false.
  return tensor(
    mask,
    shape.map((_, i) => (i === place ? size : 1)),
    'bool',
  );
}

/** The edited value where the units are, the value itself elsewhere. */
export const onUnits = (
  named: NamedUnits | null,
  value: Tensor,
  at: EditPoint,
  edited: Tensor,
): Tensor => (named ? where(maskOf(named, value, at), edited, value) : edited);

const misfit = (
  asker: string,
  name: string,
  shape: readonly number[],
  what: string,
  got: number,
  remedy: string,
): CaptureArgumentError =>
  new CaptureArgumentError(
    `${asker}: '${name}' of shape [${shape.join()}] must have that ${what}, got ${got}. ${remedy}`,
  );
