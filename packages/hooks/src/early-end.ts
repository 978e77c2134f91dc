/** Ends forward passes early: at which record, how it is told apart from errors, and how `predict` goes on. */
import {activeScope} from '@tfjs-capture/core';
import {slice, tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {CapturedCall, Editing, LayerFilter} from '@tfjs-capture/core';
import type {ActivationRecord} from './activation-record.js';
import {withRecord} from './live-tensors.js';

/** Thrown through the model to end its pass. Whoever opened the scope catches it. */
class PassEnded extends Error {
  override name = 'PassEnded';
}

/** Ends the passes of one scope. */
export interface EarlyEnd {
  /** Whether the pass ends with this record; not asked again afterwards, until `again`. */
  endsWith(call: CapturedCall): boolean;
  /** What is thrown to end it. */
  readonly signal: Error;
  /** Whether another pass of the same `predict` shall be run, and ended likewise. */
  readonly goesOn: boolean;
  /** What it asks of layers besides, if anything. */
  readonly watching?: Editing;
  /** Has another pass end as this one did. */
  again(): void;
}

export const endSignal = (): Error =>
  new PassEnded('withCapture: the forward pass ends here. Rethrow this if you catch it.');

/** Once each of `names` has been recorded. Every batch of a `predict` is such a pass. */
export function endAfterAll(names: readonly string[]): EarlyEnd {
  let missing = new Set(names);
  return {
    endsWith: ({point: {name}}) => missing.delete(name) && missing.size === 0,
    signal: endSignal(),
    goesOn: true,
    again() {
      missing = new Set(names);
    },
  };
}

/** With the first record of which `isLast` is true. */
export function endWhen(isLast: (record: ActivationRecord) => boolean): EarlyEnd {
  let hasEnded = false;
  return {
    endsWith: (call) => !hasEnded && (hasEnded = withRecord(call, isLast)),
    signal: endSignal(),
    goesOn: false,
    again: () => undefined,
  };
}

/** Names without wildcards. */
export function exactNames(filter: LayerFilter | undefined): string[] {
  const parts: readonly LayerFilter[] = Array.isArray(filter)
    ? (filter as LayerFilter[])
    : [filter ?? '*'];
  return parts.flatMap((part) => {
    if (Array.isArray(part)) return exactNames(part as LayerFilter[]);
    return typeof part === 'string' && !/[*?{}]/.test(part) ? [part] : [];
  });
}

/**
 * Runs a method of a model whose forward pass may be ended. `predictLoop` runs one pass per batch: each of
 * them is ended, and only then the whole.
 *
 * @param args with which the method is called
 */
export function runBatches(
  end: EarlyEnd,
  run: (args: unknown[]) => unknown,
  args: unknown[],
): unknown {
  const {goesOn, signal} = end;
  const [inputs, batchSize] = args as [Tensor | Tensor[], unknown];
  const firstPass = activeScope()?.nextPass ?? 0;
  try {
    return run(args);
  } catch (error) {
    if (error !== signal || !goesOn || typeof batchSize !== 'number') throw error;
  }
  const rows = [inputs].flat()[0]?.shape[0] ?? 0;
  let next = ((activeScope()?.nextPass ?? 0) - firstPass) * batchSize;
  for (; next < rows; next += batchSize) {
    end.again();
    const size = Math.min(batchSize, rows - next);
    const rest = (tensor: Tensor): Tensor => slice(tensor, [next], [size]);
    try {
      tidy(() => {
        run([Array.isArray(inputs) ? inputs.map(rest) : rest(inputs), batchSize]);
      });
    } catch (error) {
      if (error !== signal) throw error;
    }
  }
  throw signal;
}
