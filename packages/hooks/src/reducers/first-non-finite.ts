/** The first value of a hook point that is not finite. */
import {isAllFinite} from '@tfjs-capture/core';
import {
  add,
  argMax,
  cast,
  floorDiv,
  gather,
  isFinite,
  isInf,
  isNaN,
  less,
  logicalAnd,
  logicalNot,
  mod,
  reshape,
  scalar,
  stack,
  sum,
} from '@tensorflow/tfjs-core';
import type {Tensor, Tensor1D} from '@tensorflow/tfjs-core';
import type {InPlaceReducer, ReducedPoint} from '../reducer.js';
import {inPlaceReducer} from './in-place-reducer.js';

/** Where it is, and how many there are in all of the hook point's values. */
export interface FirstNonFinite {
  readonly pass: number;
  readonly call: number;
  readonly slot: number;
  /** Of the value, counted through its data, from 0. */
  readonly index: number;
  /** The same by its axes. */
  readonly position: readonly number[];
  /** NaN, Infinity or -Infinity. */
  readonly value: number;
  /** How many are not finite, of all passes: NaN and infinite ones. */
  readonly count: number;
  readonly nan: number;
  readonly infinite: number;
}

export interface NonFiniteState {
  first: Omit<FirstNonFinite, 'count' | 'nan' | 'infinite'> | null;
  nan: number;
  infinite: number;
}

export const firstNonFiniteReducer = (): InPlaceReducer<FirstNonFinite | null, NonFiniteState> =>
  inPlaceReducer<FirstNonFinite | null, NonFiniteState>({
    kind: 'firstNonFinite',
    init: () => ({first: null, nan: 0, infinite: 0}),
    read(state, {values, shape, backend}, at) {
      if (isAllFinite(values(), backend)) return;
      values().forEach((value, index) => {
        if (Number.isFinite(value)) return;
        state.first ??= found(at, index, shape, value);
        if (Number.isNaN(value)) state.nan++;
        else state.infinite++;
      });
    },
    onDevice: deviceNonFinite,
    absorb(state, [nan = 0, infinite = 0, high = 0, low = 0, value = 0], shape, at) {
      state.nan += nan;
      state.infinite += infinite;
      if (nan + infinite === 0) return;
      state.first ??= found(at, high * PART + low, shape, KINDS[value] as number);
    },
    merge(state, other, sameInputs) {
      state.nan += other.nan;
      state.infinite += other.infinite;
      // Calls of one layer take turns within a pass.
      const isEarlier =
        sameInputs && other.first && state.first && other.first.pass < state.first.pass;
      state.first = isEarlier ? other.first : (state.first ?? other.first);
    },
    finish: ({first, nan, infinite}) => first && {...first, count: nan + infinite, nan, infinite},
  });

function found(
  {pass, call, slot}: ReducedPoint,
  index: number,
  shape: readonly number[],
  value: number,
): NonNullable<NonFiniteState['first']> {
  let rest = index;
  const position = [...shape].reverse().map((size) => {
    const along = rest % size;
    rest = (rest - along) / size;
    return along;
  });
  return {pass, call, slot, index, position: position.reverse(), value};
}

/** Indices are read back in two parts: single precision holds no more than 24 bits. */
const PART = 4096;
const KINDS = [NaN, Infinity, -Infinity];

function deviceNonFinite(value: Tensor): Tensor1D {
  const x = reshape(cast(value, 'float32'), [-1]);
  const count = (which: Tensor): Tensor => sum(cast(which, 'float32'));
  const index = argMax(cast(logicalNot(isFinite(x)), 'float32'));
  const there = gather(x, reshape(index, [1]));
  // NaN does not come back from every GPU as it was.
  const isInfinite = isInf(there);
  const kind = add(count(isInfinite), count(logicalAnd(isInfinite, less(there, 0))));
  const part = scalar(PART, 'int32');
  return stack([
    count(isNaN(x)),
    count(isInf(x)),
    cast(floorDiv(index, part), 'float32'),
    cast(mod(index, part), 'float32'),
    kind,
  ]) as Tensor1D;
}
