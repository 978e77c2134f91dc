/** Captures with the gradients of a scalar. */
import {gradientOfNote, wrongArgument} from '@tfjs-capture/core';
import type {CapturedCall, CaptureScope, Differentiated, GradientsById} from '@tfjs-capture/core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {zeros} from '@tensorflow/tfjs-core';
import {entriesOf, ownerOf, RECORD_FIELDS} from './activation-record.js';
import type {Entry, RecordField} from './activation-record.js';
import {ScopeCapture} from './capture.js';
import type {Capture} from './capture.js';
import {NoGradientError} from './errors.js';
import type {Layer} from './layer-classes.js';
import type {At} from './look-up.js';
import {nameOf} from './asked-name.js';
import {namesOf, quoted} from './names.js';

/** Which gradient: where, and of which of the values that were recorded there. */
export interface GradientAt extends At {
  /** 'pre' unless given. What it names must have been recorded. */
  readonly of?: RecordField;
}

/**
 * What was recorded, with the gradients of a scalar. All its tensors, `value` and the gradients included,
 * belong to the place where `withGradients` was called, and end with `dispose()`.
 */
export interface GradientCapture extends Capture<Scalar> {
  /** What the function returned; `result` is the same tensor. */
  readonly value: Scalar;
  /**
   * d value / d pre, in the shape of `pre`. The passes of a `predict` in several batches are
   * concatenated, unless `at` names one. It counts every way from there to the value: where what goes
   * into an activation is used elsewhere as well, that too. After an edit it is that of the edited value.
   *
   * @throws NoGradientError if no path leads from there to the value; it lists from where one does
   * @throws LayerNotFoundError, AmbiguousLayerError, NotRecordedError, CaptureDisposedError as `pre` does
   */
  gradient(layer: string | Layer, at?: GradientAt): Tensor;
}

/** Makes a capture of what a scope wrote down, and of gradients by the ids of that. */
export function gradientCaptureOf(
  {value, gradients}: Differentiated,
  scope: CaptureScope,
): GradientCapture {
  const entries = scope.captured.map((call) => gradientsOf(call, gradients));
  fillPasses(entries, scope.captured);
  const used = new Set(entries.flatMap(({point: {pre, post, output}}) => [pre, post, output]));
  for (const gradient of gradients.values()) if (!used.has(gradient)) gradient.dispose();
  const capture = new ScopeCapture(value as Scalar, entries, scope);
  return new DifferentiatedCapture(value as Scalar, entriesOf(scope.captured), scope, capture);
}

/** Passes from which no path leads, beside passes of the same hook point from which one does: zeros. */
function fillPasses(entries: readonly Entry[], captured: readonly CapturedCall[]): void {
  const having = new Map<unknown, Set<string>>();
  for (const entry of entries) {
    const owner = ownerOf(entry);
    const addresses = having.get(owner) ?? new Set();
    having.set(owner, addresses);
    for (const field of RECORD_FIELDS) {
      if (entry.point[field]) addresses.add(addressOf(entry, field));
    }
  }
  entries.forEach((entry, i) => {
    for (const field of RECORD_FIELDS) {
      const note = captured[i]?.[field];
      const isMissing = note?.dtype === 'float32' && !entry.point[field];
      if (isMissing && having.get(ownerOf(entry))?.has(addressOf(entry, field))) {
        Object.assign(entry.point, {[field]: zeros(note.shape)});
      }
    }
  });
}

const addressOf = ({point: {name, call, slot}}: Entry, field: RecordField): string =>
  `${name} ${call} ${slot} ${field}`;

function gradientsOf({point, frame, ...call}: CapturedCall, gradients: GradientsById): Entry {
  const found: Partial<Record<RecordField, Tensor>> = {};
  for (const field of RECORD_FIELDS) {
    const gradient = gradientOfNote(gradients, call[field]);
    if (gradient) found[field] = gradient;
  }
  return {frame, point: {...point, ...found}};
}

class DifferentiatedCapture extends ScopeCapture<Scalar> implements GradientCapture {
  readonly value: Scalar;
  /** A capture of the gradients, each in the place of what it is the gradient of. */
  readonly #gradients: Capture<Scalar>;

  constructor(
    value: Scalar,
    entries: readonly Entry[],
    called: CaptureScope,
    gradients: Capture<Scalar>,
  ) {
    super(value, entries, called);
    this.value = value;
    this.#gradients = gradients;
  }

  gradient(layer: string | Layer, {of = 'pre', ...at}: GradientAt = {}): Tensor {
    if (!RECORD_FIELDS.includes(of)) {
      const rule = "'of' must be 'pre', 'post' or 'output'";
      throw wrongArgument('capture.gradient', rule, of, "Leave it out for 'pre'.");
    }
    // What is wrong with the address is said first.
    const asked = this[of](layer, at);
    try {
      return this.#gradients[of](layer, at);
    } catch (error) {
      const having = this.#gradients.records.filter((record) => record[of]);
      throw new NoGradientError(
        `capture.gradient: no path leads from the '${of}' of '${nameOf(layer)}' to the value, got ` +
          `[${asked.shape.join()}]. Those from which one does are ` +
          `${quoted(namesOf(having.map((point) => ({point, frame: null})))) || 'none'}.`,
        {cause: error},
      );
    }
  }

  override memory(): {tensors: number; bytes: number} {
    const [values, gradients] = [super.memory(), this.#gradients.memory()];
    // One tensor is the gradient of two, where a layer returns what goes into the next activation.
    const all = this.#gradients.records.flatMap(({pre, post, output}) => [pre, post, output]);
    const alive = all.filter((gradient) => gradient?.isDisposed === false);
    const isValueHeld = this.value.isDisposed ? 0 : 1;
    return {
      tensors:
        values.tensors + gradients.tensors - (alive.length - new Set(alive).size) + isValueHeld,
      bytes: values.bytes + gradients.bytes + isValueHeld * this.value.size * 4,
    };
  }

  override dispose(): void {
    super.dispose();
    this.#gradients.dispose();
    this.value.dispose();
  }
}
