/** What a monitor has its writers write. */
import type {Scalar} from '@tensorflow/tfjs-core';
import {histogramReducer} from '../reducers/histogram.js';
import type {UnitActivity} from '../reducers/unit-activity.js';
import {wholeOf} from './layer-activity.js';
import type {HistogramSummary, Summary} from './report-writer.js';
import type {LayerInBatch} from './training-activity.js';
import {labelOf} from './training-report.js';
import type {TrainingReport} from './training-report.js';

/** As `fit` hands them to callbacks: where it has not read them back yet, as tensors of its own. */
export type TrainingLogs = Readonly<Record<string, number | Scalar>>;

/** Each observed layer's scalars, as its report has them, and the histogram of its values in this batch. */
export function summariesOfBatch(observed: readonly LayerInBatch[], step: number): Summary[] {
  const wallTime = now();
  return observed.flatMap(({layer, activity}) => {
    const {dead, saturated, mean, variance, signFlipRate, margin, nan, infinite, ...point} =
      layer.report();
    const scalars = {
      dead: dead.length,
      saturated: saturated.length,
      mean,
      variance,
      signFlipRate,
      margin,
      nonFinite: nan + infinite,
    };
    const label = labelOf(point);
    const histogram = histogramOf(activity);
    const place = {step, wallTime};
    return [
      ...summariesOf(scalars, step, `${label}/`),
      ...(histogram ? [{tag: `${label}/preActivation`, ...place, histogram}] : []),
    ];
  });
}

/** Those that are known, under their names. */
export function summariesOf(
  scalars: Readonly<Record<string, number | null>>,
  step: number,
  prefix: string,
): Summary[] {
  const wallTime = now();
  return Object.entries(scalars).flatMap(([name, scalar]) =>
    scalar === null ? [] : {tag: prefix + name, step, wallTime, scalar},
  );
}

/** Over all layers: how many units are dead and saturated, and how many values were not finite. */
export function totalsOf({layers}: TrainingReport): Record<string, number> {
  const total = (count: (layer: (typeof layers)[number]) => number): number =>
    layers.reduce((sum, layer) => sum + count(layer), 0);
  return {
    dead: total(({dead}) => dead.length),
    saturated: total(({saturated}) => saturated.length),
    nonFinite: total(({nan, infinite}) => nan + infinite),
  };
}

/** Losses and metrics as numbers; the tensors stay those of `fit`. */
export async function numbersIn(logs: TrainingLogs = {}): Promise<Record<string, number>> {
  const measured = Object.entries(logs).filter(([name]) => !/^(batch|size)$/.test(name));
  const read = measured.map(async ([name, value]) => {
    const number = typeof value === 'number' ? value : (await value.data<'float32'>())[0];
    return [name, number] as const;
  });
  return Object.fromEntries(await Promise.all(read)) as Record<string, number>;
}

const now = (): number => Date.now() / 1000;

/** Null if no value is finite. */
function histogramOf({moments, histogram}: UnitActivity): HistogramSummary | null {
  const {count, min, max, mean, squares} = wholeOf(moments);
  const values = count[0] as number;
  if (!histogram || values === 0) return null;
  const {edges, counts} = histogramReducer({}).finish(histogram);
  const center = mean[0] as number;
  return {
    min: min[0] as number,
    max: max[0] as number,
    count: values,
    sum: center * values,
    sumOfSquares: (squares[0] as number) + center * center * values,
    limits: edges.slice(1),
    counts,
  };
}
