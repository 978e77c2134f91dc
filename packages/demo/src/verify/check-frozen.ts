import type {LayersModel} from '@tensorflow/tfjs-layers';
import {bitsOf, countDiffering} from './check-same-bits.js';
import {count} from './check.js';
import type {Check} from './check.js';

/** A copy of the bits of every weight of a model, in the model's order. */
export function weightBitsOf(model: LayersModel): Promise<Uint32Array[]> {
  return Promise.all(model.weights.map((weight) => bitsOf(weight.read())));
}

/** Whether no weight of a model has changed by as much as a bit since `before` was taken. */
export async function checkFrozen(model: LayersModel, before: Uint32Array[]): Promise<Check> {
  const after = await weightBitsOf(model);
  let differing = 0;
  let values = 0;
  for (const [index, bits] of before.entries()) {
    differing += countDiffering(bits, after[index] ?? new Uint32Array());
    values += bits.length;
  }
  return {
    passed: differing === 0,
    sentence:
      `the pretrained network is as it was: ` +
      `${count(differing)} of ${count(values)} weights differ in any bit`,
  };
}
