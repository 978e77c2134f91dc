/** Where values lie as to their activation's flat parts and kinks, counted by operations where JavaScript cannot read them. */
import {
  abs,
  cast,
  fill,
  greaterEqual,
  isFinite,
  lessEqual,
  logicalOr,
  minimum,
  reshape,
  sub,
  sum,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type {Tensor, Tensor1D} from '@tensorflow/tfjs-core';
import type {ReducedPoint} from '../reducer.js';
import {FLAT_PARTS, KINKS} from './activation-shape.js';
import type {ChannelLayout} from './channel-layout.js';

/** @returns by unit: how many values are 0 or less, how many in flat parts, and the distances from kinks summed */
export function deviceActivity(
  value: Tensor,
  {channels, inner}: ChannelLayout,
  {activation}: ReducedPoint,
): [inactive: Tensor1D, flat: Tensor1D, distance: Tensor1D] {
  const x = reshape(cast(value, 'float32'), [-1, channels, inner]);
  const perUnit = (t: Tensor): Tensor1D => sum(cast(t, 'float32'), [0, 2]);
  const none = (): Tensor1D => fill([channels], 0);
  const flat = FLAT_PARTS[activation ?? ''];
  const kinks = KINKS[activation ?? ''];
  const isFlat = (below: number, above: number): Tensor => {
    if (Number.isNaN(below)) return greaterEqual(x, above);
    const isBelow = lessEqual(x, below);
    return Number.isNaN(above) ? isBelow : logicalOr(isBelow, greaterEqual(x, above));
  };
  const distance = kinks?.map((kink) => abs(sub(x, kink))).reduce((a, b) => minimum(a, b));
  return [
    perUnit(lessEqual(x, 0)),
    flat ? perUnit(isFlat(flat.below, flat.above)) : none(),
    distance ? perUnit(where(isFinite(x), distance, zerosLike(x))) : none(),
  ];
}
