/** Everything that gradients could leave behind, to compare before and after. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

import {footprint} from '../footprint.js';
import type {Footprint} from '../footprint.js';

export interface GradientFootprint {
  readonly footprint: Footprint;
  /** The gradient registry's entries, by identity: compare with `toBe`. */
  readonly gradients: ReadonlyMap<string, unknown>;
  readonly engine: Readonly<Record<string, unknown>>;
}

interface EngineState {
  readonly activeTape: unknown;
  readonly gradientDepth: number;
  readonly kernelDepth: number;
  readonly scopeStack: readonly unknown[];
}

function gradientRegistry(): Map<string, unknown> {
  const globals = (globalThis as unknown as {_tfGlobals: Map<string, Map<string, unknown>>})
    ._tfGlobals;
  return globals.get('gradRegistry') as Map<string, unknown>;
}

export function gradientFootprint(model: LayersModel): GradientFootprint {
  const {state} = tf.engine() as unknown as {state: EngineState};
  return {
    footprint: footprint(model),
    gradients: new Map(gradientRegistry()),
    engine: {
      hasTape: state.activeTape != null,
      gradientDepth: state.gradientDepth,
      kernelDepth: state.kernelDepth,
      tidies: state.scopeStack.length,
    },
  };
}

/** Fails unless nothing is left since `before`. */
export function expectNothingLeft(model: LayersModel, before: GradientFootprint): void {
  const after = gradientFootprint(model);
  expect(after.engine).toEqual({
    ...before.engine,
    hasTape: false,
    gradientDepth: 0,
    kernelDepth: 0,
  });
  expect(after.footprint).toEqual(before.footprint);
  expect([...after.gradients.keys()].sort()).toEqual([...before.gradients.keys()].sort());
  for (const [name, config] of before.gradients) expect(after.gradients.get(name)).toBe(config);
}
