/** `findNonFinite`: the first hook point whose pre-activation is not finite. */
import {wrongArgument} from '@tfjs-capture/core';
import type {Frame} from '@tfjs-capture/core';
import {engine} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {CaptureOptions} from './capture-options.js';
import {endSignal} from './early-end.js';
import type {EarlyEnd} from './early-end.js';
import {enableKeeping} from './keep-options.js';
import {watchingInputs} from './layer-inputs.js';
import {nonFiniteOf} from './non-finite-record.js';
import type {NonFinite} from './non-finite-record.js';
import {tensorsIn} from './reducer-state.js';
import type {WithCapture} from './with-capture.js';

/** Where to look; everywhere unless given. As of `withCapture`. */
export type FindOptions = Pick<CaptureOptions, 'layers' | 'activations' | 'model'>;

/**
 * Runs `fn` up to the first hook point whose pre-activation holds NaN or Infinity, and tells of it. The
 * forward pass ends there. What a fused kernel hides is found as well: on WASM its relu turns NaN into 0.
 *
 * Layers without an activation function are no hook points: what comes up there is found at the next
 * activation downstream, and `input` shows that it was there before.
 *
 * @param fn runs models, in whatever way. Tensors that it makes and returns are disposed of
 * @returns null if there is none; a promise if `fn` returns one
 * @throws whatever `fn` throws, and CaptureArgumentError as `withCapture` does
 *
 * @example
 * const found = findNonFinite(() => model.predict(x));
 * if (found) console.log(`${found.name}: ${found.count}, the first at [${found.position}]`);
 */
export interface FindNonFinite {
  (fn: () => Promise<unknown>, options?: FindOptions): Promise<NonFinite | null>;
  (fn: () => unknown, options?: FindOptions): NonFinite | null;
}

/** @param withCapture runs `fn` and ends its pass */
export function makeFindNonFinite(withCapture: WithCapture): FindNonFinite {
  function findNonFinite(
    fn: () => unknown,
    options: FindOptions = {},
  ): NonFinite | null | Promise<NonFinite | null> {
    if (typeof fn !== 'function') {
      const rule = 'the first argument must be a function';
      throw wrongArgument('findNonFinite', rule, fn, 'Pass () => model.predict(x).');
    }
    enableKeeping();
    const {end, found} = endAtNonFinite();
    const firstId = (engine() as unknown as {nextTensorId(): number}).nextTensorId();
    const asked = {...options, record: ['pre'], reduce: () => null, stopWhen: end};
    const conclude = (capture: {readonly result: unknown; dispose(): void}): NonFinite | null => {
      capture.dispose();
      for (const tensor of tensorsIn(capture.result)) if (tensor.id > firstId) tensor.dispose();
      return found();
    };
    const capture: unknown = withCapture(fn, asked as unknown as CaptureOptions);
    return capture instanceof Promise
      ? capture.then(conclude)
      : conclude(capture as Parameters<typeof conclude>[0]);
  }
  return findNonFinite as FindNonFinite;
}

/** Ends the pass at the first pre-activation that is not finite. */
function endAtNonFinite(): {end: EarlyEnd; found: () => NonFinite | null} {
  let found: NonFinite | null = null;
  const inputs = new WeakMap<Frame, Tensor>();
  return {
    found: () => found,
    end: {
      endsWith: (call) => found === null && (found = nonFiniteOf(call, inputs)) !== null,
      signal: endSignal(),
      watching: watchingInputs(inputs),
      goesOn: false,
      again: () => undefined,
    },
  };
}
