/**
 * Where activation functions have kinks, and where they are flat: what tells how close a unit is to
 * another linear piece, and whether any gradient comes through it.
 */

/**
 * Where a function's slope is less than 5 % of its largest: for inputs at and below the one, at and above the other.
 * NaN where there is no such part, so that a comparison with it is false.
 */
export interface FlatParts {
  readonly below: number;
  readonly above: number;
}

/** The part of its largest slope from which on a function counts as flat. */
const FLAT = 0.05;

/** The sigmoid's slope is s (1 - s): below 5 % of 1/4 where s is less than (1 - √0.95) / 2. About 4.36. */
const SIGMOID = Math.log((1 + Math.sqrt(1 - FLAT)) / (1 - Math.sqrt(1 - FLAT)));
/** 1 / (1 + |x|)², so about 3.47. */
const SOFTSIGN = Math.sqrt(1 / FLAT) - 1;

const both = (end: number): FlatParts => ({below: -end, above: end});
const left = (end: number): FlatParts => ({below: end, above: NaN});

/**
 * Where activation functions are flat, by the name that a hook point's `activation` has; no entry for one that is
 * flat nowhere, or that is not known. A unit all of whose pre-activations lie there is saturated: hardly any
 * gradient comes through. The left part of a ReLU is no saturation: a unit that stays there is dead, see `canDie`.
 * ELU's is that of alpha 1, whatever the layer's.
 */
export const FLAT_PARTS: Readonly<Record<string, FlatParts>> = {
  sigmoid: both(SIGMOID),
  // tanh(x) is 2 sigmoid(2x) - 1. About 2.18.
  tanh: both(SIGMOID / 2),
  hardSigmoid: both(2.5),
  softsign: both(SOFTSIGN),
  relu6: {below: NaN, above: 6},
  // Its slope is the sigmoid. About -2.94.
  softplus: left(Math.log(FLAT / (1 - FLAT))),
  // Theirs is e^x, times the largest. About -3.
  elu: left(Math.log(FLAT)),
  selu: left(Math.log(FLAT)),
};

/** Of functions that are linear between them, by name. Where a threshold is the layer's own it is not known here. */
export const KINKS: Readonly<Record<string, readonly number[]>> = {
  relu: [0],
  relu6: [0, 6],
  leakyrelu: [0],
  prelu: [0],
  hardSigmoid: [-2.5, 2.5],
};

/**
 * Whether an activation function gives 0, and no gradient, for what is 0 or less: units can die of it.
 *
 * @param activation as a hook point has it; null is none
 */
export const canDie = (activation: string | null): boolean =>
  activation === 'relu' || activation === 'relu6' || activation === 'thresholdedRelu';
