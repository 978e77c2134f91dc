/** Moments per channel of a tensor's values, at the speed of the backend's own kernels where they lie in WASM's memory. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import {wrongArgument} from '../errors.js';
import {emptyMoments} from './channel-moments.js';
import type {ChannelMoments} from './channel-moments.js';
import {addLaneMoments} from './lane-moments.js';
import {addPlainMoments} from './plain-moments.js';

/**
 * Moments of each channel, computed in float64.
 *
 * On the WASM backend the computation borrows some memory of it, which may grow it: every view of that memory,
 * `values` too, is then detached, so make it anew before you read from it again.
 *
 * @param values [outer, channels, inner], without a copy; `inner` is 1 where channels are last
 * @param backend the one that holds them
 * @param into what the values are added to, by Chan, Golub and LeVeque's formulae; new unless given
 * @returns `into`, one entry per channel in each array; the caller's
 * @throws CaptureArgumentError if `values` are no whole number of [channels, inner]
 */
export function momentsOf(
  values: Float32Array,
  channels: number,
  inner: number,
  backend: KernelBackend,
  into = emptyMoments(channels),
): ChannelMoments {
  if (values.length > 0 && values.length % (channels * inner) !== 0)
    throw wrongArgument(
      'momentsOf',
      `values must be a whole number of [${channels} channels, ${inner}]`,
      values.length,
      'Take channels and inner from the shape of the tensor.',
    );
  // One channel is last and first.
  const run = channels === 1 ? 1 : inner;
  if (!addLaneMoments(into, values, run, backend)) addPlainMoments(into, values, run);
  return into;
}
