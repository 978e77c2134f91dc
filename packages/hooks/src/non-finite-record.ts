/** What is told of a pre-activation that is not finite. */
import {backendOf, untaped, valuesInPlace} from '@tfjs-capture/core';
import type {CapturedCall, Frame, HookPoint} from '@tfjs-capture/core';
import {tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {ownerOf} from './activation-record.js';
import {isGraphNode} from './graph-executor.js';
import type {GraphExecutor} from './graph-executor.js';
import {isLayer} from './layer-classes.js';
import {withTensor} from './live-tensors.js';
import {reducedPointOf} from './reduced-point.js';
import type {InPlaceReducer, ReducedPoint} from './reducer.js';
import {statsReducer} from './reducers/channel-statistics.js';
import type {Stats} from './reducers/channel-statistics.js';
import {firstNonFiniteReducer} from './reducers/first-non-finite.js';
import type {FirstNonFinite} from './reducers/first-non-finite.js';

/** A pre-activation that is not finite, and what went into it. */
export interface NonFinite extends HookPoint, FirstNonFinite {
  /** Of the pre-activation. */
  readonly shape: readonly number[];
  /**
   * Of what the layer or the node is called with, its first input: so NaN may have been there before. Null
   * outside layers and nodes.
   */
  readonly input: Pick<Stats, 'min' | 'max' | 'nan' | 'infinite'> | null;
  /** Those of the layer's or node's own weights that are not finite, and how many of their values. */
  readonly weights: readonly {readonly name: string; readonly count: number}[];
}

/** @returns null if all of it is finite */
export function nonFiniteOf(call: CapturedCall, inputs: WeakMap<Frame, Tensor>): NonFinite | null {
  const {pre, point, frame} = call;
  if (!pre) return null;
  const owner = ownerOf(call);
  const at = reducedPointOf(call, 'pre', pre.shape.length);
  const first = withTensor(pre, (value) => reduced(firstNonFiniteReducer(), value, at));
  if (!first) return null;
  const input = frame && inputs.get(frame);
  const isThere = input?.isDisposed === false;
  return {
    ...point,
    ...first,
    shape: pre.shape,
    input: isThere ? rangeOf(reduced(statsReducer(), input, at)) : null,
    weights: weightsOf(owner, frame).flatMap(({name, tensor}) => {
      const {nan, infinite} = reduced(statsReducer(), tensor, at);
      return nan + infinite > 0 ? [{name, count: nan + infinite}] : [];
    }),
  };
}

const rangeOf = ({min, max, nan, infinite}: Stats): NonNullable<NonFinite['input']> => ({
  min,
  max,
  nan,
  infinite,
});

/** The result of one value. */
function reduced<V, S>(reducer: InPlaceReducer<V, S>, value: Tensor, at: ReducedPoint): V {
  const state = reducer.init(at);
  const backend = backendOf(value);
  const values = (): Float32Array | null => valuesInPlace(backend, value);
  if (values() === null) tidy(() => untaped(() => reducer.step(state, value, at)) as undefined);
  else reducer.read(state, {values: values as () => Float32Array, shape: value.shape, backend}, at);
  return reducer.finish(state);
}

interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

/** Of a layer, or of a node in its graph's executor. */
function weightsOf(owner: object | null, frame: Frame | null): NamedTensor[] {
  if (owner && isLayer(owner)) {
    return owner.weights.map((weight) => ({name: weight.name, tensor: weight.read()}));
  }
  if (!isGraphNode(owner)) return [];
  const {executor} = (frame?.parent?.owner ?? {}) as {executor?: GraphExecutor};
  return owner.inputNames.flatMap((name) => {
    const [tensor] = executor?.weightMap[name] ?? [];
    return tensor ? [{name, tensor}] : [];
  });
}
