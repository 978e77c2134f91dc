/** What a scope writes down of one hook point while it lasts. */
import type {HookPoint} from './hook-point.js';
import type {Frame} from './frame.js';
import type {TensorNote} from './retained-data.js';
import {releaseNote} from './retained-data.js';
import type {CaptureScope} from './scope.js';
import type {DataId} from './tfjs-internals.js';

/** One hook point with notes of its tensors. */
export interface CapturedCall {
  readonly scope: CaptureScope;
  /** Made for this call alone: whoever makes records may add to it. */
  readonly point: HookPoint;
  /** The layer's call in which it happened; null outside every layer. */
  readonly frame: Frame | null;
  /** What the next scope further in writes down of the same activation. */
  readonly inner: CapturedCall | null;
  /** What came out, by identity: tells whether the layer returned it. */
  result: DataId | null;
  pre: TensorNote | null;
  post: TensorNote | null;
  output: TensorNote | null;
}

/** One without tensors yet. */
export const emptyCall = (
  scope: CaptureScope,
  point: HookPoint,
  frame: Frame | null,
  inner: CapturedCall | null,
): CapturedCall => ({
  scope,
  point,
  frame,
  inner,
  result: null,
  pre: null,
  post: null,
  output: null,
});

/** Lets go of all that was written down. */
export function releaseAll(captured: readonly CapturedCall[]): void {
  for (const {pre, post, output} of captured) {
    if (pre) releaseNote(pre);
    if (post) releaseNote(post);
    if (output) releaseNote(output);
  }
}
