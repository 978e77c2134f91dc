/** The option `slice`: what of a value is stored. */
import {CaptureArgumentError, describe, isTensor, wrongArgument} from '@tfjs-capture/core';
import type {CapturedCall} from '@tfjs-capture/core';
import {gather, tensor1d} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {RECORD_FIELDS} from './activation-record.js';
import {derive} from './live-tensors.js';
import {reducedPointOf} from './reduced-point.js';
import type {ReducedPoint} from './reducer.js';

/**
 * Channels by their indices, along the axis on which the layer's channels lie, in that order; or a function
 * of the value. It runs outside every scope, in a `tf.tidy`; what it returns is copied if it must be, and is differentiable
 * as the function is.
 */
export type Slice =
  {readonly channels: readonly number[]} | ((value: Tensor, at: ReducedPoint) => Tensor);

/** @throws CaptureArgumentError for anything else */
export function checkSlice(slice: unknown): asserts slice is Slice {
  if (typeof slice === 'function') return;
  const {channels} = (slice ?? {}) as {channels?: unknown};
  const areIndices =
    Array.isArray(channels) &&
    channels.length > 0 &&
    channels.every((c) => Number.isInteger(c) && c >= 0);
  if (areIndices) return;
  const rule = 'slice must be {channels: indices} or a function of the value';
  throw wrongArgument('withCapture', rule, channels ?? slice, 'Pass {channels: [3, 5]}.');
}

/** Has a record hold slices of what it noted. */
export function sliceRecord(call: CapturedCall, slice: Slice): void {
  for (const kind of RECORD_FIELDS) {
    const note = call[kind];
    if (!note) continue;
    const at = reducedPointOf(call, kind, note.shape.length);
    call[kind] = derive(note, (value) => {
      if (typeof slice !== 'function') return takeChannels(value, slice.channels, at);
      const taken: unknown = slice(value, at);
      if (isTensor(taken) && !taken.isDisposed) return taken;
      throw new CaptureArgumentError(
        `withCapture: slice must return a tensor, got ${describe(taken)} for '${at.name}'. ` +
          'Pass reduce for anything else.',
      );
    });
  }
}

function takeChannels(
  value: Tensor,
  channels: readonly number[],
  {name, channelAxis}: ReducedPoint,
): Tensor {
  const size = value.shape[channelAxis] ?? 0;
  const missing = channels.find((channel) => channel >= size);
  if (missing === undefined) return gather(value, tensor1d([...channels], 'int32'), channelAxis);
  throw new CaptureArgumentError(
    `withCapture: slice names channels that '${name}' of shape [${value.shape.join()}] must have, ` +
      `got ${missing}. It has 0 to ${size - 1}; select layers by layers.`,
  );
}
