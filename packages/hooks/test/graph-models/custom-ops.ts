/** Ops of a user's own, which tests set to do what they need in the middle of a graph. */
import {registerOp} from '@tensorflow/tfjs-converter';
import {clone} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {seededWeight} from './graph-fixture.js';
import type {GraphSpec} from './graph-fixture.js';

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

/** x → fused relu → a user's own op → swish → tanh. */
export const customOpGraph = (): GraphSpec => ({
  inputs: {x: [-1, 3]},
  weights: {kernel: seededWeight([3, 3], 61), bias: seededWeight([3], 62)},
  nodes: [
    {
      name: 'fused',
      op: '_FusedMatMul',
      inputs: ['x', 'kernel', 'bias'],
      attrs: {num_args: 1, fused_ops: ['BiasAdd', 'Relu']},
    },
    {name: 'custom', op: 'Custom', inputs: ['fused']},
    {name: 'gate', op: 'Sigmoid', inputs: ['custom']},
    {name: 'swish', op: 'Mul', inputs: ['custom', 'gate']},
    {name: 'tanh', op: 'Tanh', inputs: ['swish']},
  ],
  outputs: ['tanh'],
});

/** Some turns of the event loop. */
export const ticks = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
