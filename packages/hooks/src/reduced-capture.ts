/** What a capture offers of which records were reduced. */
import type {HookPoint} from '@tfjs-capture/core';
import type {Capture} from './capture.js';

/**
 * What was recorded and reduced. The results' tensors, if they have any, belong to the capture as captured
 * ones do.
 */
export interface ReducedCapture<R, V = unknown> extends Capture<R, V> {
  /**
   * The hook points of which results are held in place of tensors: all with `reduce`; those that the
   * budget did not admit any more with `onBudget: 'reduce'`.
   */
  readonly reduced: readonly HookPoint[];
  /**
   * Adds what another capture has reduced, as if its passes had come after this one's. Layers are told by
   * identity, code outside layers by name. The other one stays as it is.
   *
   * @returns this capture
   * @throws CaptureArgumentError unless both have been reduced by reducers of one kind
   * @throws CaptureDisposedError if one has been disposed of
   */
  merge(other: ReducedCapture<unknown, V>): this;
}
