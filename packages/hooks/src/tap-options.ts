/** What can be asked of `tap`, checked. */
import {wrongArgument} from '@tfjs-capture/core';
import type {CaptureArgumentError} from '@tfjs-capture/core';
import type {CaptureOptions} from './capture-options.js';
import type {DropPolicy} from './frame-queue.js';
import {isGraphModel} from './graph-executor.js';
import {isModel} from './layer-classes.js';
import type {SweepSignal} from './patch-sweep.js';

/** What is captured of each call, as in `withCapture`, and what becomes of the frames. */
export interface TapOptions extends Pick<
  CaptureOptions,
  'layers' | 'activations' | 'record' | 'edit' | 'reduce' | 'slice'
> {
  /**
   * How many calls may be held at most, captured, being read, or read and not taken; 2 unless given: one
   * that is ready while the next is read. More would show a live view older pictures.
   */
  readonly queue?: number;
  /**
   * What happens to a call when so many are held. 'oldest', the default, drops the one that has waited
   * longest; if all are still being read, the call itself. 'newest' drops the call itself: it then runs
   * without capture, and costs nothing.
   */
  readonly drop?: DropPolicy;
  /** Ends the tap, as `return()` does: no error, since an endless stream has no result that is missed. */
  readonly signal?: TapSignal;
}

/** As much of an AbortSignal as is used. One without events is looked at when a call or `next()` begins. */
export interface TapSignal extends SweepSignal {
  addEventListener?(type: 'abort', listener: () => void): void;
  removeEventListener?(type: 'abort', listener: () => void): void;
}

/** How a tap keeps its frames, and what it asks of `withCapture`. */
export interface TapPlan {
  readonly queue: number;
  readonly drop: DropPolicy;
  readonly signal: TapSignal | undefined;
  readonly asked: CaptureOptions;
}

const DEFAULT_QUEUE = 2;

/**
 * Does not check what `withCapture` does itself.
 *
 * @throws CaptureArgumentError for a model and for options of the wrong kind
 */
export function tapPlan(model: object, options: TapOptions): TapPlan {
  if (typeof model !== 'object' || (model as unknown) === null || !isTappable(model)) {
    throw wrong('the first argument must be a LayersModel or a GraphModel', model, 'Pass it.');
  }
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrong('the options must be an object', options, "Pass {layers: 'block*'}.");
  }
  const {queue = DEFAULT_QUEUE, drop = 'oldest', signal, ...asked} = options;
  if (!Number.isInteger(queue) || queue < 1) {
    throw wrong('queue must be a whole number of frames, 1 or more', queue, 'Pass 2.');
  }
  if (!(['oldest', 'newest'] as readonly unknown[]).includes(drop)) {
    throw wrong("drop must be 'oldest' or 'newest'", drop, "Leave it out for 'oldest'.");
  }
  if (signal !== undefined && typeof (signal as TapSignal | null)?.aborted !== 'boolean') {
    throw wrong('signal must be an AbortSignal', signal, 'Pass that of an AbortController.');
  }
  if ('model' in asked) {
    throw wrong('the model is the first argument', 'model', 'Leave it out of the options.');
  }
  for (const name of ['stopAfterLast', 'stopWhen', 'maxBytes', 'onBudget']) {
    if (name in asked) {
      throw wrong('a call must run as it does without the tap', name, 'Leave that option out.');
    }
  }
  return {queue, drop, signal, asked};
}

const isTappable = (model: object): boolean => isModel(model) || isGraphModel(model);

const wrong = (rule: string, got: unknown, remedy: string): CaptureArgumentError =>
  wrongArgument('tap', rule, got, remedy);
