/** What can be asked of `withCapture`, and what that means to core. */
import {compileFilter, wrongArgument} from '@tfjs-capture/core';
import type {InferenceModel} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {LayerFilter, Editing, Keeping, RecordKind, RecordPlan} from '@tfjs-capture/core';
import {RECORD_FIELDS} from './activation-record.js';
import type {ActivationRecord} from './activation-record.js';
import type {OnBudget} from './capture-budget.js';
import type {Edits} from './edit-options.js';
import type {Reduce} from './reducer.js';
import type {Slice} from './slice-option.js';

/** What all captures have in common. */
export interface CommonOptions<V = unknown> {
  /**
   * Which layers; all unless given. A glob on the name ('block*_conv*'; `*` stays within one path
   * segment, `**` does not), a RegExp, a predicate on the hook point, or an array of these, any of
   * which may match. Layers that are not selected run as they do without capture.
   */
  readonly layers?: LayerFilter;
  /** Keep only these activation functions: 'relu', 'softmax', … */
  readonly activations?: string | readonly string[];
  /** What to record; ['pre'] unless given. 'output' records every layer's output, activation or not. */
  readonly record?: readonly RecordKind[];
  /**
   * Changes values on their way; what is recorded is what they are afterwards. Edits are differentiable
   * wherever their functions are. Those of a nested scope come before those of the scopes around it.
   */
  readonly edit?: Edits;
  /**
   * Stores what this makes of each value in place of the tensor: a reducer such as `stats()`, whose results
   * are merged over passes, or a function of the value. `record` then names one kind. See `Reduce`.
   */
  readonly reduce?: Reduce<V>;
  /** Stores a part of each value alone. It is cut before it is reduced. See `Slice`. */
  readonly slice?: Slice;
  /**
   * How many bytes of tensors may be captured; data that several records share count once. The record that
   * would exceed it is a CaptureBudgetError, and nothing stays captured.
   */
  readonly maxBytes?: number;
  /**
   * 'throw' unless given. With 'reduce' that record and all that follow are kept as `stats()` in place of
   * tensors; `capture.reduced` lists them. `record` then names one kind.
   */
  readonly onBudget?: OnBudget;
  /**
   * A model of another copy of TensorFlow.js than this package finds by itself, or a GraphModel in a
   * browser's bundle: tells which classes to watch, from this scope on. `bindTo` does so for a whole
   * namespace.
   */
  readonly model?: LayersModel | InferenceModel;
}

export interface CaptureOptions<V = unknown> extends CommonOptions<V> {
  readonly stopAfterLast?: false;
  readonly stopWhen?: undefined;
}

/** One of the options that end a forward pass early. */
export type EarlyStop =
  | {
      /**
       * Ends each forward pass once every exact name in `layers` has been recorded, with the call of the layer
       * that was last; other filters there do not count. Each batch of `predict` is such a pass. What `fn` would
       * do next is not done: `result` is undefined. If a name never comes up, the pass runs to its end.
       */
      readonly stopAfterLast: true;
      readonly stopWhen?: undefined;
    }
  | {
      /**
       * Ends the forward pass with the first record of which this is true, as `stopAfterLast` does; no further
       * batch is run. It runs outside every scope, in a `tf.tidy`; the record's tensors are the model's.
       */
      readonly stopWhen: (record: ActivationRecord) => boolean;
      readonly stopAfterLast?: false;
    };

/** Options with which a forward pass is ended early, so that there is no result. */
export type EarlyStopOptions<V = unknown> = CommonOptions<V> & EarlyStop;

export type AnyOptions = CaptureOptions | EarlyStopOptions;

/** Options with which there are results in place of tensors. */
export type Reducing<V> = {readonly reduce: Reduce<V>} | {readonly onBudget: 'reduce'};

const KNOWN = ['layers', 'activations', 'record', 'model'];

/** What core understands, and how it is run, if otherwise than by `runInScope` alone. */
export interface CapturePlan extends RecordPlan {
  editing?: Editing | null;
  keeping?: Keeping | null;
  /**
   * Runs in place of `runInScope`. An object: what a function closes over that is added to the plan itself
   * outlives the scope until V8 collects all its garbage, not young objects alone.
   */
  runner?: {run(fn: () => unknown): unknown};
}

/** Options that come with functions of their own, so that a bundle without these has none of their code. */
const further: Record<string, (plan: CapturePlan, options: AnyOptions) => void> = {};

/** Has an option understood: `plan` adds to the plan what it means. */
export function addOption(name: string, plan: (typeof further)[string]): void {
  further[name] = plan;
}

/**
 * @param caller the public function, for messages
 * @throws CaptureArgumentError for unknown options and for values of the wrong kind
 */
export function planOf(options: AnyOptions = {}, caller = 'withCapture'): CapturePlan {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrongArgument(
      caller,
      'the options must be an object',
      options,
      "Pass {layers: 'block*'}.",
    );
  }
  const keys = Object.keys(options);
  for (const key of keys) {
    if (!KNOWN.includes(key) && !further[key]) {
      throw wrongArgument(
        caller,
        `options are ${KNOWN.join(', ')}`,
        key,
        'Check it, or call enableOptions().',
      );
    }
  }
  const {layers, activations, record = ['pre']} = options;
  const names = activations === undefined ? null : [activations].flat();
  for (const name of names ?? []) {
    if (typeof name !== 'string') {
      throw wrongArgument(
        caller,
        'activations must be names',
        name,
        "Pass 'relu' or ['relu', 'softmax'].",
      );
    }
  }
  for (const kind of Array.isArray(record) ? (record as RecordKind[]) : [null]) {
    if (kind === null || !RECORD_FIELDS.includes(kind)) {
      const rule = "record must be an array of 'pre', 'post' and 'output'";
      throw wrongArgument(caller, rule, kind ?? record, 'Leave out anything else.');
    }
  }
  const plan: CapturePlan = {
    selection: compileFilter(layers, caller),
    activations: names && new Set(names),
    record,
  };
  for (const key of keys) further[key]?.(plan, options);
  return plan;
}
