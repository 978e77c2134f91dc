/** What a scope writes down of one hook point while it lasts. */
import type {HookPoint} from './hook-point.js';
import type {Frame} from './name-stack.js';
import type {TensorNote} from './retained-data.js';
import {releaseNote} from './retained-data.js';
import type {DataId} from './tfjs-internals.js';

/** One hook point with notes of its tensors. */
export interface CapturedCall {
  /** Made for this call alone: whoever makes records may add to it. */
  readonly point: HookPoint;
  /** The layer's call in which it happened; null outside every layer. */
  readonly frame: Frame | null;
  /** What came out, by identity: tells whether the layer returned it. */
  readonly result: DataId | null;
  pre: TensorNote | null;
  post: TensorNote | null;
  output: TensorNote | null;
}

/** Lets go of all that was written down. */
export function releaseAll(captured: readonly CapturedCall[]): void {
  for (const {pre, post, output} of captured) {
    if (pre) releaseNote(pre);
    if (post) releaseNote(post);
    if (output) releaseNote(output);
  }
}
