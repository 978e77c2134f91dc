/** Edits that are asked for most, ready-made. Each brings what applies edits into a bundle. */
import {CaptureArgumentError, isTensor, wrongArgument} from '@tfjs-capture/core';
import type {EditFunction} from '@tfjs-capture/core';
import {add, clipByValue, mul, tensor1d, zerosLike} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {enableEdits} from './edit-options.js';
import {namedUnits, onUnits} from './edited-units.js';
import type {UnitAxis, Units} from './edited-units.js';

/** Which units an edit changes; all unless given. */
export interface OfUnits extends UnitAxis {
  /** Their indices along `axis`. */
  readonly units?: Units;
}

/**
 * Sets the whole value, or the units that are named, to zero: zero-ablation. NaN and ±Infinity become
 * zero too. All other units keep their bits.
 *
 * @param units indices along `axis`; the whole value unless given
 * @throws CaptureArgumentError for anything but indices; and, when it is applied, for an axis or a unit
 *     that the value does not have
 *
 * @example
 * withCapture(() => model.predict(x), {edit: {block5_conv4: ablate([3, 17])}});
 */
export function ablate(units?: Units, options?: UnitAxis): EditFunction {
  const named = namedUnits('ablate', units, options);
  enableEdits();
  return (value, at) => onUnits(named, value, at, zerosLike(value));
}

/**
 * Multiplies the value, or the units that are named, by a number. All other units keep their bits.
 *
 * @param factor a finite number; -1 turns round, 0 leaves NaN and ±Infinity NaN (`ablate` does not)
 * @throws CaptureArgumentError as `ablate`, and for a factor that is no finite number
 */
export function scaleBy(factor: number, {units, ...axis}: OfUnits = {}): EditFunction {
  finite('scaleBy', 'factor', factor);
  const named = namedUnits('scaleBy', units, axis);
  enableEdits();
  return (value, at) => onUnits(named, value, at, mul(value, factor));
}

/**
 * Moves the value, or the units that are named, into a range. All other units keep their bits.
 *
 * @param min -Infinity for none
 * @param max Infinity for none
 * @throws CaptureArgumentError as `ablate`, and unless `min` and `max` are numbers in that order
 */
export function clampTo(min: number, max: number, {units, ...axis}: OfUnits = {}): EditFunction {
  for (const bound of [min, max]) {
    if (typeof bound !== 'number' || Number.isNaN(bound)) {
      throw wrongArgument('clampTo', 'min and max must be numbers', bound, 'Pass clampTo(0, 6).');
    }
  }
  if (min > max) {
    throw wrongArgument('clampTo', `min must not exceed max, ${max}`, min, 'Exchange them.');
  }
  const named = namedUnits('clampTo', units, axis);
  enableEdits();
  return (value, at) => {
    // A range of one number would be a constant to tfjs, without a gradient.
    const clamped = min === max ? add(zerosLike(value), min) : clipByValue(value, min, max);
    return onUnits(named, value, at, clamped);
  };
}

/**
 * Adds a vector to the last axis of the value, at each place: a steering vector (Turner et al. 2023,
 * "Activation Addition"; Rimsky et al. 2024, "Contrastive Activation Addition").
 *
 * @param v one number per unit of the last axis; a Tensor of shape [units] stays the caller's, must
 *     live as long as the edit is used, and is differentiated with respect to
 * @param scale what it is multiplied by
 * @throws CaptureArgumentError for anything but a vector and a finite number; and, when it is applied,
 *     for a vector of another length or one that has been disposed of
 */
export function addVector(v: Tensor | readonly number[], scale = 1): EditFunction {
  const rule = 'v must be a Tensor of rank 1 or an array of numbers';
  const isVector = isTensor(v) ? v.rank === 1 : isNumbers(v);
  if (!isVector) {
    const got = isTensor(v) ? `a Tensor of shape [${v.shape.join()}]` : null;
    const remedy = 'Pass one number per unit of the last axis.';
    if (got) throw new CaptureArgumentError(`addVector: ${rule}, got ${got}. ${remedy}`);
    throw wrongArgument('addVector', rule, v, remedy);
  }
  finite('addVector', 'scale', scale);
  enableEdits();
  return (value, {name}) => {
    const vector = isTensor(v) ? alive('addVector', v) : tensor1d([...v]);
    const units = value.shape.at(-1);
    if (vector.size !== units) {
      throw new CaptureArgumentError(
        `addVector: v must have one number per unit of '${name}', which has shape ` +
          `[${value.shape.join()}], got ${vector.size}. Pass ${units ?? 0}.`,
      );
    }
    return add(value, scale === 1 ? vector : mul(vector, scale));
  };
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number');

function finite(asker: string, what: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  throw wrongArgument(asker, `${what} must be a finite number`, value, 'Pass one such as 2.');
}

/** The user's tensor, if it still lives. */
export function alive(asker: string, tensor: Tensor): Tensor {
  if (!tensor.isDisposed) return tensor;
  throw new CaptureArgumentError(
    `${asker}: the tensor must live as long as the edit is used, got one that has been disposed of. ` +
      'Keep it with tf.keep, or dispose of it later.',
  );
}
