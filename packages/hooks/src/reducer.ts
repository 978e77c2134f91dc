/** What the option `reduce` takes. */
import type {HookPoint, RecordKind} from '@tfjs-capture/core';
import type {KernelBackend, Tensor} from '@tensorflow/tfjs-core';

/** Where a value is reduced. */
export interface ReducedPoint extends HookPoint {
  /** Which of the layer's values it is. */
  readonly kind: RecordKind;
  /** The axis along which channels lie, or units, from 0: by the layer's data format. */
  readonly channelAxis: number;
}

/** What a function returns that has no return statement, as one may that changes its state. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- undefined alone would want one
type Nothing = void | undefined;

/**
 * Reduces all values of a hook point to one result. Its functions run outside every scope, in a `tf.tidy`,
 * and are on no gradient tape. A state may hold tensors: these are kept, and disposed of for you once they are no part
 * of the state any more.
 */
export interface Reducer<V, S = unknown> {
  /** The state before any value: a new one each time. */
  init(at: ReducedPoint): S;
  /**
   * Adds a value.
   *
   * @param value in the shape of the layer's output; belongs to the model
   * @returns the state with the value; undefined if `state` itself has been changed
   */
  step(state: S, value: Tensor, at: ReducedPoint): S | Nothing;
  /**
   * Adds what another state holds, which it leaves as it is.
   *
   * @param sameInputs whether both saw the same inputs, as two calls of a shared layer do; else `other`'s
   *     come after `state`'s, as those of another scope do
   * @returns the state with the other; undefined if `state` itself has been changed
   */
  merge(state: S, other: S, sameInputs: boolean): S | Nothing;
  /** The result; leaves the state as it is. */
  finish(state: S): V;
}

/**
 * A reducer, or a function of each value. What a function returns is not merged: there is one result per
 * pass and call. If that is a tensor it belongs to the capture, and passes are joined as those of `pre` are.
 */
export type Reduce<V> = Reducer<V> | ((value: Tensor, at: ReducedPoint) => V);

/**
 * A reducer that reads values where they lie, and on a GPU reduces them there. Neither its states nor its results hold
 * tensors, and `finish` runs when a result is read.
 */
export interface InPlaceReducer<V, S> extends Reducer<V, S> {
  /** What its states can be merged with: those of the same kind. */
  readonly kind: string;
  /** `step` for values in JavaScript's reach. `values` are read and not kept. */
  read(state: S, values: InPlaceValues, at: ReducedPoint): void;
  /** Reduces on the device: what `absorb` needs, as one dimension of float32. Runs in a tidy. */
  onDevice(value: Tensor, at: ReducedPoint): Tensor;
  /** Adds what `onDevice` gave, once it has been read back. */
  absorb(state: S, reduced: Float32Array, shape: readonly number[], at: ReducedPoint): void;
}

/** Whether a reducer is of ours: one of a user's own may have properties of any other name. */
export const isInPlace = (reducer: Reducer<unknown>): reducer is InPlaceReducer<unknown, unknown> =>
  'onDevice' in reducer;

export interface InPlaceValues {
  /** Where they lie. What sets memory aside may move them: ask anew then. */
  readonly values: () => Float32Array;
  readonly shape: readonly number[];
  /** What holds them. */
  readonly backend: KernelBackend;
}
