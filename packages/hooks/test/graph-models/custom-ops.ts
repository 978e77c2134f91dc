/** Ops of a user's own, which tests set to do what they need in the middle of a graph. */
import {registerOp} from '@tensorflow/tfjs-converter';
import {clone} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

type Custom = (input: Tensor) => Tensor | Tensor[] | Promise<Tensor | Tensor[]>;

/** What the op `Custom` does with its input; copies it unless a test says otherwise: tfjs disposes of the input itself. */
export const custom: {run: Custom} = {run: (input) => clone(input)};

/** Runs `fn` while the op does what `run` says. */
export async function whileCustom<T>(run: Custom, fn: () => T | Promise<T>): Promise<T> {
  const before = custom.run;
  custom.run = run;
  try {
    return await fn();
  } finally {
    custom.run = before;
  }
}

registerOp('Custom', ({inputs}) => custom.run(inputs[0]!));
