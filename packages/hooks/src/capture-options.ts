/** What can be asked of `withCapture`, and what that means to core. */
import {compileFilter, wrongArgument} from '@tfjs-capture/core';
import type {InferenceModel} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {CaptureArgumentError, LayerFilter, RecordKind, RecordPlan} from '@tfjs-capture/core';

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
   * A model of another copy of TensorFlow.js than this package finds by itself, or a GraphModel in a
   * browser's bundle: tells which classes to watch, from this scope on. `bindTo` does so for a whole
   * namespace.
   */
  readonly model?: LayersModel | InferenceModel;
}

const KNOWN = ['layers', 'activations', 'record', 'model'];
const KINDS: readonly string[] = ['pre', 'post', 'output'];
const PRE_ALONE: RecordPlan = {
  selection: compileFilter(undefined, 'withCapture'),
  activations: null,
  record: ['pre'],
};

/** @throws CaptureArgumentError for unknown options and for values of the wrong kind */
export function planOf(options: CaptureOptions | undefined): RecordPlan {
  if (options === undefined) return PRE_ALONE;
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrong('the options must be an object', options, "Pass {layers: 'block*'}, for example.");
  }
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) {
      throw wrong(`options are ${KNOWN.join(', ')}`, key, 'Check its spelling.');
    }
  }
  return {
    selection: compileFilter(options.layers, 'withCapture'),
    activations: activationsOf(options.activations),
    record: kindsOf(options.record),
  };
}

function activationsOf(activations: CaptureOptions['activations']): ReadonlySet<string> | null {
  if (activations === undefined) return null;
  const names: readonly unknown[] = Array.isArray(activations) ? activations : [activations];
  for (const name of names) {
    if (typeof name !== 'string') {
      throw wrong('activations must be names', name, "Pass 'relu' or ['relu', 'softmax'].");
    }
  }
  return new Set(names as readonly string[]);
}

function kindsOf(record: CaptureOptions['record']): readonly RecordKind[] {
  if (record === undefined) return PRE_ALONE.record;
  if (!Array.isArray(record)) {
    throw wrong('record must be an array', record, "Pass ['pre', 'post'], for example.");
  }
  for (const kind of record as readonly unknown[]) {
    if (typeof kind !== 'string' || !KINDS.includes(kind)) {
      throw wrong("record takes 'pre', 'post' and 'output'", kind, 'Leave out anything else.');
    }
  }
  return record as readonly RecordKind[];
}

const wrong = (rule: string, got: unknown, remedy: string): CaptureArgumentError =>
  wrongArgument('withCapture', rule, got, remedy);
