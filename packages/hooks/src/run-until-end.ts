/** Runs a function in whose middle we may end the forward pass. */
import {activeScope, disposeUntidiedTensors, dropTape, isPromiseLike} from '@tfjs-capture/core';
import type {CaptureScope} from '@tfjs-capture/core';

/** What may end a pass. */
export interface PassEnder {
  /** Thrown where the pass shall end; whoever runs the function gets undefined then. */
  readonly signal: Error | undefined;
  /** The error of ours by which it has ended, if it has. */
  readonly failure: Error | null;
  /** Lets go of what has been kept, since there will be no capture. */
  dispose(): void;
}

/**
 * Runs `fn` in the scope that is active.
 *
 * @returns what `fn` does; undefined, or a promise of it, if the pass was ended. Then nothing is left of it
 */
export function runUntilEnd(ender: PassEnder, fn: () => unknown): unknown {
  const scope = activeScope() as CaptureScope;
  const endWith = (error: unknown): undefined => {
    const isEnd = error === ender.signal;
    if (isEnd || error === ender.failure) {
      disposeUntidiedTensors(scope);
      dropTape();
    }
    if (isEnd) return undefined;
    ender.dispose();
    throw error;
  };
  try {
    const result = fn();
    return isPromiseLike(result) ? Promise.resolve(result).catch(endWith) : result;
  } catch (error) {
    endWith(error);
    return undefined;
  }
}
