/** Holds an estimate to a capture of the very model, and to what it may not do. */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, model as modelOf} from '@tensorflow/tfjs-layers';
import type {layers, LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import type {ActivationRecord, RecordKind} from '@tfjs-capture/hooks';
import {estimate} from '../../src/estimate.js';
import type {EstimateOptions} from '../../src/estimate.js';
import type {Estimate} from '../../src/estimate-result.js';
import {seeded} from '../fidelity/seeded-values.js';

/** What may be recorded, and so estimated. */
export const RECORDS: readonly (readonly RecordKind[])[] = [
  ['pre'],
  ['output'],
  ['pre', 'post', 'output'],
];

/** Estimates, and sees that nothing ran meanwhile and nothing was made. */
export function quietly(run: () => Estimate): Estimate {
  const before = tf.memory();
  const runKernel = jest.spyOn(tf.engine(), 'runKernel');
  const made = jest.spyOn(tf.engine(), 'makeTensor');
  try {
    const result = run();
    expect(runKernel).not.toHaveBeenCalled();
    expect(made).not.toHaveBeenCalled();
    expect(tf.memory()).toEqual(before);
    return result;
  } finally {
    runKernel.mockRestore();
    made.mockRestore();
  }
}

/** A model of these layers in a row. */
export function chain(inputShape: (number | null)[], ...parts: layers.Layer[]): LayersModel {
  const x = input({shape: inputShape});
  const outputs = parts.reduce((y, part) => part.apply(y) as SymbolicTensor, x);
  return modelOf({inputs: x, outputs});
}

/** Inputs as `predict` takes them. */
const inputsOf = (shapes: readonly (readonly number[])[]): Tensor[] =>
  shapes.map((shape, i) => seeded(shape, 3 + i));

const placeOf = (point: Pick<ActivationRecord, 'name' | 'activation' | 'slot'>): string =>
  `${point.name} ${point.activation} ${point.slot}`;

const tensorsOf = ({pre, post, output}: ActivationRecord): Tensor[] =>
  [pre, post, output].flatMap((tensor) => tensor ?? []);

/** Each record's place, and its shape with its passes joined: the rows of those of one call are added. */
function linesOf(records: readonly ActivationRecord[]): string[] {
  const address = (record: ActivationRecord): string => `${placeOf(record)} ${record.call}`;
  const rows = new Map<string, number>();
  for (const record of records) {
    const [size = 0] = tensorsOf(record)[0]!.shape;
    rows.set(address(record), (rows.get(address(record)) ?? 0) + size);
  }
  return records.map((record) => {
    const [, ...rest] = tensorsOf(record)[0]!.shape;
    return `${placeOf(record)} [${[rows.get(address(record)), ...rest].join()}]`;
  });
}

/**
 * Expects the estimate of a model to say what a capture holds.
 *
 * @param shapes of the inputs, rows first
 */
export function expectEstimate(
  model: LayersModel,
  shapes: readonly (readonly number[])[],
  options: EstimateOptions,
): Estimate {
  const {batchSize = 32, ...rest} = options;
  const result = quietly(() => estimate(model, shapes, options));
  tf.tidy(() => {
    const x = inputsOf(shapes);
    const capture = withCapture(() => model.predict(x, {batchSize}), rest);
    const lines = linesOf(capture.records);
    const rows = result.hookPoints.map((row) => `${placeOf(row)} [${row.shape.join()}]`);
    expect(rows).toEqual([...new Set(lines)]);
    for (const [i, {path, calls, count, bytes}] of result.hookPoints.entries()) {
      const own = capture.records.filter((_, place) => lines[place] === rows[i]);
      expect(own[0]!.path).toEqual(path);
      expect(own.length).toBe(count);
      expect(new Set(own.map(({call}) => call)).size).toBe(calls);
      const sizes = own.flatMap(tensorsOf).map(({size}) => 4 * size);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes);
    }
    expect(result.bytes).toBe(capture.memory().bytes);
  });
  return result;
}
