/** What can be asked of `withCapture`, and what that means to core. */
import {compileFilter, wrongArgument} from '@tfjs-capture/core';
import type {InferenceModel} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {
  CaptureArgumentError,
  LayerFilter,
  Editing,
  RecordKind,
  RecordPlan,
} from '@tfjs-capture/core';
import {RECORD_FIELDS} from './activation-record.js';
import type {Edits} from './edit-options.js';

export interface CaptureOptions {
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
   * A model of another copy of TensorFlow.js than this package finds by itself, or a GraphModel in a
   * browser's bundle: tells which classes to watch, from this scope on. `bindTo` does so for a whole
   * namespace.
   */
  readonly model?: LayersModel | InferenceModel;
}

const KNOWN = ['layers', 'activations', 'record', 'edit', 'model'];

/** @throws CaptureArgumentError for unknown options and for values of the wrong kind */
export function planOf(options: CaptureOptions = {}): RecordPlan {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrong('the options must be an object', options, "Pass {layers: 'block*'}.");
  }
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) {
      throw wrong(`options are ${KNOWN.join(', ')}`, key, 'Check its spelling.');
    }
  }
  const {layers, activations, record = ['pre'], edit} = options;
  const names = activations === undefined ? null : [activations].flat();
  for (const name of names ?? []) {
    if (typeof name !== 'string') {
      throw wrong('activations must be names', name, "Pass 'relu' or ['relu', 'softmax'].");
    }
  }
  for (const kind of Array.isArray(record) ? (record as RecordKind[]) : [null]) {
    if (kind === null || !RECORD_FIELDS.includes(kind)) {
      const rule = "record must be an array of 'pre', 'post' and 'output'";
      throw wrong(rule, kind ?? record, 'Leave out anything else.');
    }
  }
  return {
    selection: compileFilter(layers, 'withCapture'),
    activations: names && new Set(names),
    record,
    editing: edit ? planEdits(edit) : null,
  };
}

let planEdits = (edits: Edits): Editing => {
  throw wrong('edit needs enableEdits()', edits, 'Call that once.');
};

/** Has the option `edit` understood by `plan`. */
export function planEditsBy(plan: typeof planEdits): void {
  planEdits = plan;
}

const wrong = (rule: string, got: unknown, remedy: string): CaptureArgumentError =>
  wrongArgument('withCapture', rule, got, remedy);
