/** Records: what a capture holds of each hook point. */
import {tensorOfNote} from '@tfjs-capture/core';
import type {CapturedCall, Frame, HookPoint} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';

/** One hook point and its tensors. The tensors belong to the capture: it disposes of them. */
export interface ActivationRecord<V = unknown> extends HookPoint {
  /** What went into the activation function; in the shape of the layer's own output. */
  readonly pre?: Tensor;
  /** What came out of it, in the same shape. */
  readonly post?: Tensor;
  /** The layer's output; the first one where there are several. */
  readonly output?: Tensor;
  /** What the option `reduce` made of it, in place of the tensor. */
  readonly value?: V;
}

/** What can be asked of a record. */
export type RecordField = 'pre' | 'post' | 'output';
export const RECORD_FIELDS: readonly RecordField[] = ['pre', 'post', 'output'];

/** A record, and the layer's call in which it was made: what a scope wrote down becomes one. */
export interface Entry {
  readonly point: ActivationRecord;
  /** Null for code outside every layer. */
  readonly frame: Frame | null;
}

/** The layer itself; null for code outside every layer. */
export const ownerOf = ({frame}: Entry): object | null => frame?.owner ?? null;

/** Whether a record was made in a layer that `layer` calls, at whatever depth. */
export function isInside({frame}: Entry, layer: object): boolean {
  for (let outer = frame?.parent; outer; outer = outer.parent) {
    if (outer.owner === layer) return true;
  }
  return false;
}

/** Makes Tensors of what a scope wrote down; they join the tidy in progress. Uses `captured` up. */
export const entriesOf = (captured: readonly CapturedCall[]): readonly Entry[] =>
  captured.filter(({point, pre, post, output}) => {
    // The point itself becomes the record: captures of recurrent networks have thousands.
    const record: MutableRecord = point;
    // By literal names, each of them, for the same reason.
    const before = pre && tensorOfNote(pre);
    if (before) record.pre = before;
    const after = post && tensorOfNote(post);
    if (after) record.post = after;
    const out = output && tensorOfNote(output);
    if (out) record.output = out;
    // What went down with its backend leaves nothing to look up.
    return before ?? after ?? out;
  });

type MutableRecord = {-readonly [K in keyof ActivationRecord]: ActivationRecord[K]};
