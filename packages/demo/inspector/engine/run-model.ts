/** Runs a model once, and reads what went into and came out of every activation. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {ActivationRecord, Edits, HookPoint} from '@tfjs-capture/hooks';
import type {OnProgress} from '../protocol/engine.js';
import {forwardPass} from './forward-pass.js';
import type {ForwardPass} from './forward-pass.js';
import {modelOrder} from './model-order.js';
import {readValues} from './read-values.js';

export interface ModelRun {
  /** In the order of execution. */
  readonly points: readonly CapturedPoint[];
  readonly outputs: readonly OutputValues[];
  /** From the pass's beginning until its outputs could be read. */
  readonly milliseconds: number;
}

/** A hook point and its values. */
export interface CapturedPoint extends Pick<HookPoint, 'name' | 'path' | 'kernel'> {
  readonly activation: string;
  readonly pass: number;
  readonly call: number;
  readonly slot: number;
  /** Of both. */
  readonly shape: readonly number[];
  readonly channelAxis: number;
  readonly pre: Float32Array;
  readonly post: Float32Array;
}

export interface OutputValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * @param inputs in the model's order; they stay the caller's
 * @param edits what is changed on the way; none if empty
 * @returns plain arrays: no tensor is left over, nor if it fails
 */
export async function runModel(
  model: LayersModel | GraphModel,
  inputs: readonly Tensor[],
  edits: Extract<Edits, readonly unknown[]>,
  onProgress: OnProgress,
): Promise<ModelRun> {
  const axes = new Map<string, number>();
  const placeOf = modelOrder(model);
  onProgress({stage: 'Running the model', share: 0});
  const started = performance.now();
  const pass = await forwardPass(model, inputs, {
    record: ['pre', 'post'],
    // Asked at each hook point, it knows where the pass is.
    layers: (point) => {
      onProgress({stage: 'Running the model', share: placeOf(point)});
      return true;
    },
    // Handed on as it is: here alone it is said where the channels lie.
    slice: (value, at) => {
      axes.set(keyOf(at), at.channelAxis);
      return value;
    },
    ...(edits.length > 0 && {edit: edits}),
  });
  try {
    const outputs = await readOutputs(pass);
    const milliseconds = performance.now() - started;
    const points = await readPoints(pass.capture.records, axes, onProgress);
    return {points, outputs, milliseconds};
  } finally {
    pass.capture.dispose();
    for (const {tensor} of pass.outputs) tensor.dispose();
  }
}

const keyOf = ({name, pass, call, slot}: HookPoint): string => `${pass} ${call} ${slot} ${name}`;

/** Text is left out: there is nothing to draw of it. */
async function readOutputs({outputs}: ForwardPass): Promise<OutputValues[]> {
  const numbers = outputs.filter(({tensor}) => tensor.dtype !== 'string');
  const values = await readValues(numbers.map(({tensor}) => tensor));
  return numbers.map(({name, tensor}, index) => ({
    name,
    shape: tensor.shape,
    values: values[index] ?? new Float32Array(0),
  }));
}

async function readPoints(
  records: readonly ActivationRecord[],
  axes: ReadonlyMap<string, number>,
  onProgress: OnProgress,
): Promise<CapturedPoint[]> {
  const known = records.flatMap(({pre, post, activation, ...point}) =>
    pre && post && activation !== null ? [{...point, activation, pre, post}] : [],
  );
  const tensors = known.flatMap(({pre, post}) => [pre, post]);
  let read = 0;
  const values = await readValues(tensors, () => {
    onProgress({stage: 'Reading what was captured', share: ++read / tensors.length});
  });
  return known.map(({name, path, activation, kernel, pass, call, slot, pre}, index) => {
    const {shape} = pre;
    const channelAxis = axes.get(keyOf(known[index] as HookPoint)) ?? Math.max(0, shape.length - 1);
    const [before, after] = values.slice(2 * index, 2 * index + 2) as [Float32Array, Float32Array];
    return {
      ...{name, path, activation, kernel, pass, call, slot},
      ...{shape, channelAxis, pre: before, post: after},
    };
  });
}
