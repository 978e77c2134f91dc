/** Activation patching, hook point by hook point: which of them carries what makes two runs differ. */
import {wrongArgument} from '@tfjs-capture/core';
import type {HookPoint, LayerFilter, RecordKind} from '@tfjs-capture/core';
import type {Scalar, TensorContainer} from '@tensorflow/tfjs-core';
import {RECORD_FIELDS} from './activation-record.js';
import type {Capture} from './capture.js';
import type {CaptureOptions} from './capture-options.js';
import {enableEdits} from './edit-options.js';
import {measureBy} from './measured-result.js';
import {expectSamePoints, isSamePoint, patchesOf} from './patches.js';
import {patchRow, PatchSweep} from './patch-sweep-result.js';
import type {PatchRow} from './patch-sweep-result.js';
import type {WithCapture} from './with-capture.js';

export interface PatchSweepOptions<I, R> {
  /** The input of which the behaviour is known. Stays the caller's, as `corrupted` does. */
  readonly clean: I;
  /** An input of the same shape, on which the model behaves otherwise. */
  readonly corrupted: I;
  /** How much of the behaviour a result shows: a number, or a Scalar. Runs in a tidy. */
  readonly metric: (result: R) => number | Scalar;
  /** Which hook points are patched; all unless given. As in `withCapture`. */
  readonly layers?: LayerFilter;
  /** What is patched there; 'pre' unless given. */
  readonly at?: RecordKind;
  /** Whether each channel of a hook point, a unit of its last axis, is patched by itself. */
  readonly channels?: boolean;
  /** Called after each run with its row. */
  readonly onProgress?: (progress: PatchProgress) => void;
  /** Ends the sweep between two runs: it rejects with the signal's reason. */
  readonly signal?: SweepSignal;
}

export interface PatchProgress {
  /** How many runs with a patch have been made, and how many there will be. */
  readonly done: number;
  readonly total: number;
  /** What the last of them gave. */
  readonly row: PatchRow;
}

/** As much of an AbortSignal as is used. */
export interface SweepSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/**
 * Runs a model on a clean and a corrupted input, then once more on the corrupted one for each hook point,
 * where the clean run's value takes the place of the corrupted one. How far the metric then goes back to
 * the clean run's tells how much of the difference that hook point carries: activation patching, in
 * TransformerLens's words; causal mediation analysis (Vig et al. 2020, "Investigating Gender Bias in
 * Language Models Using Causal Mediation Analysis"); causal tracing (Meng et al. 2022, "Locating and
 * Editing Factual Associations in GPT").
 *
 * Between runs the event loop gets a turn. Of what `fn` returns the tensors are disposed of, except its
 * input; what it makes on the way is for it to tidy. The clean run's values are held until the end.
 *
 * @param fn runs the model on an input; returns a tensor, a container of tensors, or a promise of either
 * @returns the metrics of both runs, and a row for each hook point, or for each of its channels
 * @throws all as rejections: CaptureArgumentError for wrong options, for inputs that do not reach the
 *     same hook points in the same shapes, and where no hook point is selected; the signal's reason; and
 *     what `fn`, `metric` and `onProgress` throw. Nothing stays installed or held
 *
 * @example
 * const sweep = await patchSweep((input) => model.predict(input), {
 *   clean, corrupted, metric: (logits) => tf.slice(logits, [0, 3], [1, 1]).asScalar(), layers: 'block*',
 * });
 * console.log(sweep.table());
 */
export type PatchSweepFunction = <I, R extends TensorContainer>(
  fn: (input: I) => R | Promise<R>,
  options: PatchSweepOptions<I, R>,
) => Promise<PatchSweep>;

/** @param withCapture captures and patches */
export function makePatchSweep(withCapture: WithCapture): PatchSweepFunction {
  return async function patchSweep<I, R extends TensorContainer>(
    fn: (input: I) => R | Promise<R>,
    options: PatchSweepOptions<I, R>,
  ) {
    check(fn, options);
    enableEdits();
    const {clean, corrupted, metric, layers, at = 'pre', onProgress, signal} = options;
    const measure = measureBy<R>(metric, [clean, corrupted]);

    async function run(input: I, asked: CaptureOptions): Promise<[number, Capture<R>]> {
      // Before the first run too: a tidy around the call must not own what is captured.
      await turn(signal);
      const capture = await withCapture(() => fn(input) as Promise<R>, asked);
      try {
        return [await measure(capture.result), capture];
      } catch (error) {
        capture.dispose();
        throw error;
      }
    }

    const recorded: CaptureOptions = {record: [at], ...(layers !== undefined && {layers})};
    const [cleanMetric, reference] = await run(clean, recorded);
    try {
      const [corruptedMetric, other] = await run(corrupted, recorded);
      try {
        expectSamePoints('patchSweep', reference, other, at);
      } finally {
        other.dispose();
      }
      const patches = patchesOf(reference, at, options.channels === true);
      const rows: PatchRow[] = [];
      for (const {point, channel, edit} of patches) {
        const here = (met: HookPoint): boolean => isSamePoint(met, point);
        const asked = {record: [], edit: [{layers: here, [at]: edit}]};
        const [patched] = await run(corrupted, asked);
        const row = patchRow(point, channel, patched, cleanMetric, corruptedMetric);
        rows.push(row);
        onProgress?.({done: rows.length, total: patches.length, row});
      }
      return new PatchSweep(cleanMetric, corruptedMetric, rows);
    } finally {
      reference.dispose();
    }
  };
}

/** Gives the event loop a turn, in which an abort can arrive. */
async function turn(signal: SweepSignal | undefined): Promise<void> {
  const {setTimeout} = globalThis as unknown as {setTimeout: (fn: () => void, ms: number) => void};
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
  if (signal?.aborted) throw signal.reason;
}

function check(fn: unknown, options: unknown): void {
  if (typeof fn !== 'function') {
    const rule = 'the first argument must be a function';
    throw wrongArgument('patchSweep', rule, fn, 'Pass (input) => model.predict(input).');
  }
  if (typeof options !== 'object' || options === null) {
    const remedy = 'Pass {clean, corrupted, metric}.';
    throw wrongArgument('patchSweep', 'the options must be an object', options, remedy);
  }
  const unknown = Object.keys(options).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) {
    const rule = `options are ${KNOWN.join(', ')}`;
    throw wrongArgument('patchSweep', rule, unknown, 'Check its spelling.');
  }
  const {clean, corrupted, metric, at = 'pre'} = options as Record<string, unknown>;
  if (clean === undefined || corrupted === undefined) {
    const rule = 'clean and corrupted must be inputs of fn';
    throw wrongArgument('patchSweep', rule, undefined, 'Pass {clean, corrupted, metric}.');
  }
  if (typeof metric !== 'function') {
    const remedy = 'Pass (result) => a number or a Scalar.';
    throw wrongArgument('patchSweep', 'metric must be a function', metric, remedy);
  }
  if (!(RECORD_FIELDS as readonly unknown[]).includes(at)) {
    const rule = "at must be 'pre', 'post' or 'output'";
    throw wrongArgument('patchSweep', rule, at, 'Leave it out for the pre-activations.');
  }
}

const KNOWN: readonly string[] = [
  'clean',
  'corrupted',
  'metric',
  'layers',
  'at',
  'channels',
  'onProgress',
  'signal',
];
