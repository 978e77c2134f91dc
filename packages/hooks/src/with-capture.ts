/** `withCapture`: runs a function and captures what happens inside the models that it runs. */
import {bindCompanions, runInScope, wrongArgument} from '@tfjs-capture/core';
import {captureOf} from './capture.js';
import type {Capture} from './capture.js';
import {planOf} from './capture-options.js';
import type {AnyOptions, CaptureOptions, EarlyStopOptions, Reducing} from './capture-options.js';
import type {ReducedCapture} from './reduced-capture.js';

/**
 * Runs `fn` and captures the tensors inside every TensorFlow.js model that runs in it, above all the
 * pre-activations: what goes into each ReLU. Models are not changed, and `result` is bit for bit what
 * `fn` returns without capture.
 *
 * If `fn` returns a promise the capture lasts until it settles, and so does what is returned. Code
 * outside `fn` that runs meanwhile is not recorded, except in browsers, which cannot tell it apart.
 *
 * @param fn runs models, in whatever way: `predict`, `apply`, `fit`, `executeAsync`, …
 * @param options what to capture; every pre-activation unless given
 * @returns the capture; it owns the captured tensors, see `Capture` for how long these live
 * @throws whatever `fn` throws, the same object; nothing stays installed or captured then
 * @throws CaptureArgumentError if `fn` is no function, or an option is wrong
 * @throws ScopeOverlapError in browsers (as a rejection), if another asynchronous capture goes on
 *
 * @example
 * using capture = withCapture(() => model.predict(x));
 * capture.pre('block4_conv3');
 */
export interface WithCapture {
  // A pass that is ended early gives no result.
  <R, V>(
    fn: () => Promise<R>,
    options: EarlyStopOptions<V> & Reducing<V>,
  ): Promise<ReducedCapture<R | undefined, V>>;
  <R, V>(fn: () => R, options: EarlyStopOptions<V> & Reducing<V>): ReducedCapture<R | undefined, V>;
  <R>(fn: () => Promise<R>, options: EarlyStopOptions): Promise<Capture<R | undefined>>;
  <R>(fn: () => R, options: EarlyStopOptions): Capture<R | undefined>;
  <R, V>(
    fn: () => Promise<R>,
    options: CaptureOptions<V> & Reducing<V>,
  ): Promise<ReducedCapture<R, V>>;
  <R, V>(fn: () => R, options: CaptureOptions<V> & Reducing<V>): ReducedCapture<R, V>;
  <R>(fn: () => Promise<R>, options?: CaptureOptions): Promise<Capture<R>>;
  <R>(fn: () => R, options?: CaptureOptions): Capture<R>;
}

/** @param bind has core install what gives hook points their names; called before each scope */
export function makeWithCapture(bind: () => void): WithCapture {
  function withCapture<R>(
    fn: () => R,
    options?: AnyOptions,
  ): Capture<Awaited<R>> | Promise<Capture<Awaited<R>>> {
    if (typeof fn !== 'function') {
      throw wrongArgument(
        'withCapture',
        'the first argument must be a function',
        fn,
        'Pass () => model.predict(x).',
      );
    }
    bind();
    const plan = planOf(options);
    const model = options?.model;
    if (model !== undefined && !bindCompanions(model)) {
      throw wrongArgument(
        'withCapture',
        'model must be a LayersModel or a GraphModel',
        model,
        'Pass one; in browsers call bindTo({GraphModel}).',
      );
    }
    return (plan.runner?.run(fn) ?? runInScope(plan, fn, captureOf<Awaited<R>>)) as Capture<
      Awaited<R>
    >;
  }
  return withCapture as WithCapture;
}
