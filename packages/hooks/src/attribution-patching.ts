/** Attribution patching: what activation patching would find, estimated for all hook points at once. */
import {wrongArgument} from '@tfjs-capture/core';
import type {LayerFilter, RecordKind} from '@tfjs-capture/core';
import {mul, sub, sum, tidy} from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import type {ActivationRecord} from './activation-record.js';
import {NoGradientError} from './errors.js';
import type {GradientCapture} from './gradient-capture.js';
import {expectSamePoints} from './patches.js';
import {patchRow, PatchSweep} from './patch-sweep-result.js';
import type {PatchRow} from './patch-sweep-result.js';
import type {WithCapture} from './with-capture.js';
import type {WithGradients} from './with-gradients.js';

export interface AttributionPatchingOptions<I, R> {
  /** The input of which the behaviour is known. Stays the caller's, as `corrupted` does. */
  readonly clean: I;
  /** An input of the same shape, on which the model behaves otherwise. */
  readonly corrupted: I;
  /** How much of the behaviour a result shows: a Scalar, differentiable. */
  readonly metric: (result: R) => Scalar | Tensor;
  /** Which hook points; all unless given. As in `withCapture`. */
  readonly layers?: LayerFilter;
  /** What would be patched there; 'pre' unless given. */
  readonly at?: RecordKind;
  /** Whether each channel of a hook point, a unit of its last axis, is told by itself. */
  readonly channels?: boolean;
}

/**
 * Estimates what `patchSweep` measures, from two forward passes and one backward: the gradient of the
 * metric in the corrupted run, times how much the clean run's value differs (attribution patching: Nanda
 * 2023, "Attribution Patching: Activation Patching At Industrial Scale"; Syed et al. 2023,
 * https://arxiv.org/abs/2310.10348). It is exact where the metric is linear in what is patched.
 *
 * @param fn runs the model on an input; synchronous, and differentiable in between
 * @returns the metrics of both runs, and a row for each hook point, or for each of its channels, of
 *     which `metric`, `change` and `restored` are estimates
 * @throws CaptureArgumentError for inputs that do not reach the same hook points in the same shapes, and
 *     if the metric is no scalar; and what `fn` and `metric` throw. Nothing stays held
 *
 * @example
 * const sweep = attributionPatching((input) => model.apply(input), {
 *   clean, corrupted, metric: (logits) => tf.sum(tf.slice(logits, [0, 3], [1, 1])), layers: 'block*',
 * });
 * console.log(sweep.table());
 */
export type AttributionPatching = <I, R>(
  fn: (input: I) => R,
  options: AttributionPatchingOptions<I, R>,
) => PatchSweep;

export function makeAttributionPatching(
  withCapture: WithCapture,
  withGradients: WithGradients,
): AttributionPatching {
  return function attributionPatching<I, R>(
    fn: (input: I) => R,
    options: AttributionPatchingOptions<I, R>,
  ) {
    check(fn, options);
    const {clean, corrupted, metric, layers, at = 'pre', channels = false} = options;
    const recorded = {record: [at], ...(layers !== undefined && {layers})};
    return inTidy(() => {
      const reference = withCapture(() => metric(fn(clean)), recorded);
      const gradients = withGradients(() => metric(fn(corrupted)), recorded);
      expectSamePoints(CALLER, reference, gradients, at);
      const cleanMetric = numberOf(reference.result);
      const corruptedMetric = numberOf(gradients.value);
      const rows = reference.records.flatMap((record, index): PatchRow[] => {
        const other = gradients.records[index]?.[at];
        if (!record[at] || !other) return [];
        const changes = estimate(record[at], other, gradientAt(gradients, record, at), channels);
        return changes.map((change, channel) => {
          const patched = corruptedMetric + change;
          const unit = channels ? channel : undefined;
          return patchRow(record, unit, patched, cleanMetric, corruptedMetric);
        });
      });
      return new PatchSweep(cleanMetric, corruptedMetric, rows);
    });
  };
}

/** Runs `fn`, which returns no tensor, and disposes of what it makes. */
function inTidy<T>(fn: () => T): T {
  const made: T[] = [];
  tidy(() => {
    made.push(fn());
  });
  return made[0] as T;
}

const CALLER = 'attributionPatching';

/** How much the metric changes, for each channel or in all. */
function estimate(
  clean: Tensor,
  corrupted: Tensor,
  gradient: Tensor | null,
  channels: boolean,
): number[] {
  const units = channels ? (clean.shape.at(-1) ?? 1) : 1;
  if (gradient === null) return new Array<number>(units).fill(0);
  const effect = mul(sub(clean, corrupted), gradient);
  const axes = effect.shape.map((_, axis) => axis);
  return [...sum(effect, channels ? axes.slice(0, -1) : axes).dataSync()];
}

/** Null if no path leads from there to the metric, which no patch could change then. */
function gradientAt(
  gradients: GradientCapture,
  {name, pass, call, slot}: ActivationRecord,
  at: RecordKind,
): Tensor | null {
  try {
    return gradients.gradient(name, {pass, call, slot, of: at});
  } catch (error) {
    if (error instanceof NoGradientError) return null;
    throw error;
  }
}

const numberOf = (metric: Tensor): number => metric.dataSync()[0] ?? NaN;

function check(fn: unknown, options: unknown): void {
  if (typeof fn !== 'function') {
    const rule = 'the first argument must be a function';
    throw wrongArgument(CALLER, rule, fn, 'Pass (input) => model.apply(input).');
  }
  const {clean, corrupted, metric} = (options ?? {}) as Record<string, unknown>;
  if (clean === undefined || corrupted === undefined || typeof metric !== 'function') {
    const rule = 'the options must have clean, corrupted and a function metric';
    throw wrongArgument(CALLER, rule, options, 'Pass {clean, corrupted, metric}.');
  }
}
