/** Runs what makes tensors, and takes all of them back if it fails half-way. */
import {engine, keep} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/**
 * The result of `make`; if it fails, no tensor and no variable is left of it.
 *
 * @param make must not wait for anything but promises that are settled already: tensors that others
 *   make meanwhile would be taken for its own
 * @param owned the result's tensors that are no variables; all others that were made are disposed of
 */
export async function leavingNothingBehind<T>(
  make: () => Promise<T>,
  owned: (made: T) => readonly Tensor[],
): Promise<T> {
  const before = new Set(Object.values(engine().registeredVariables));
  engine().startScope();
  try {
    const made = await make();
    owned(made).forEach((tensor) => keep(tensor));
    return made;
  } catch (error) {
    for (const variable of Object.values(engine().registeredVariables)) {
      if (!before.has(variable)) variable.dispose();
    }
    throw error;
  } finally {
    engine().endScope();
  }
}
