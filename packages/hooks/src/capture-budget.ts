/** The options `maxBytes` and `onBudget`: how much a capture may hold, and what is done about more. */
import {wrongArgument} from '@tfjs-capture/core';
import type {CapturedCall, TensorNote} from '@tfjs-capture/core';
import {util} from '@tensorflow/tfjs-core';
import {RECORD_FIELDS} from './activation-record.js';
import {CaptureBudgetError} from './errors.js';

export type OnBudget = 'throw' | 'reduce';

/** Counts data once, however many records share it, as `capture.memory()` does. */
export class CaptureBudget {
  readonly #counted = new Set<object>();
  #bytes = 0;

  /** @throws CaptureArgumentError unless `maxBytes` is a number of bytes */
  constructor(
    readonly maxBytes: number,
    readonly onBudget: OnBudget,
  ) {
    if (typeof maxBytes !== 'number' || !(maxBytes >= 0)) {
      const rule = 'maxBytes must be a number of bytes';
      throw wrongArgument('withCapture', rule, maxBytes, 'Pass 256 * 2 ** 20 for 256 MB.');
    }
    if (!['throw', 'reduce'].includes(onBudget)) {
      const rule = "onBudget must be 'throw' or 'reduce'";
      throw wrongArgument('withCapture', rule, onBudget, "Leave it out for 'throw'.");
    }
  }

  /**
   * Counts what is noted.
   *
   * @returns whether it may be held; nothing is counted otherwise
   */
  admits(notes: readonly TensorNote[]): boolean {
    const fresh = new Map(notes.map((note) => [note.data.dataId, note]));
    for (const known of fresh.keys()) if (this.#counted.has(known)) fresh.delete(known);
    const bytes = this.#bytes + bytesOf([...fresh.values()]);
    if (bytes > this.maxBytes) return false;
    this.#bytes = bytes;
    for (const dataId of fresh.keys()) this.#counted.add(dataId);
    return true;
  }

  /** The error for what is not admitted. */
  refusal(call: CapturedCall): CaptureBudgetError {
    const notes = notesOf(call);
    const shape = notes[0]?.shape.join() ?? '';
    return new CaptureBudgetError(
      `withCapture: captured tensors must not exceed maxBytes, ${this.maxBytes}, got ${bytesOf(notes)} bytes of ` +
        `'${call.point.name}' [${shape}] on top of ${this.#bytes}. Raise maxBytes, select fewer layers, ` +
        "pass slice or reduce, or onBudget: 'reduce' to keep statistics from there on.",
    );
  }
}

/** What a record holds. */
export const notesOf = (call: CapturedCall): TensorNote[] =>
  RECORD_FIELDS.flatMap((field) => call[field] ?? []);

const bytesOf = (notes: readonly TensorNote[]): number =>
  notes.reduce(
    (sum, {shape, dtype}) => sum + util.sizeFromShape(shape) * util.bytesPerElement(dtype),
    0,
  );
