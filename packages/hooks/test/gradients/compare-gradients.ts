/** What gradients are held to: another way to the same gradient, and central differences. */
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';

import {seeded} from '../fidelity/seeded-values.js';

const norm = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));

/** Fails unless both have the same shape, and the difference's norm is small beside that of what is expected. */
export function expectClose(
  what: string,
  actual: Tensor,
  expected: Tensor,
  tolerance = 1e-5,
): void {
  expect({what, shape: actual.shape}).toEqual({what, shape: expected.shape});
  const [got, wanted] = [actual.dataSync(), expected.dataSync()];
  const difference = norm(Array.from(got).map((value, i) => value - wanted[i]!));
  if (difference <= tolerance * norm(wanted) + 1e-7) return;
  throw new Error(
    `${what}: the gradients differ by ${difference}, of which the norm is ${norm(got)}, ` +
      `expected ${norm(wanted)}`,
  );
}

/** A scalar that depends otherwise on each value. */
export const lossOf = (tensor: Tensor): Scalar =>
  tf.tidy(() => {
    const weights = seeded(tensor.shape, 41, 1);
    return tf.sum(tf.mul(weights, tf.add(tensor, tf.square(tensor))));
  });

const STEP = 0.01;

/**
 * Holds a gradient to central differences along a direction.
 *
 * @param valueAt the scalar where `bump` is added to `point`
 * @param kinks where the activation bends: what lies close to one of them stays where it is
 */
export function expectByDifferences(
  what: string,
  gradient: Tensor,
  point: Tensor,
  valueAt: (bump: Tensor) => Tensor,
  {kinks = [], tolerance = 0.01}: {kinks?: readonly number[]; tolerance?: number} = {},
): void {
  tf.tidy(() => {
    const values = point.dataSync();
    const isFree = Array.from(values).map((value) =>
      kinks.every((kink) => Math.abs(value - kink) > 3 * STEP) ? 1 : 0,
    );
    const direction = tf.mul(seeded(point.shape, 51, 1), tf.tensor(isFree, point.shape));
    const [ahead, back] = [STEP, -STEP].map(
      (step) => tf.tidy(() => valueAt(tf.mul(direction, step))).dataSync()[0]!,
    ) as [number, number];
    const slope = (ahead - back) / (2 * STEP);
    const expected = tf.sum(tf.mul(gradient, direction)).dataSync()[0]!;
    // The rounding of the value counts too, since the step divides it.
    const rounding = (Math.abs(ahead) * 2 ** -21) / STEP;
    const scale = norm(gradient.dataSync()) * norm(direction.dataSync());
    const isClose = Math.abs(slope - expected) <= tolerance * scale + rounding;
    if (!isClose) throw new Error(`${what}: the slope is ${slope}, the gradient says ${expected}`);
  });
}

/** Where activation functions have no second derivative, or not even a first. */
export const KINKS: Readonly<Record<string, readonly number[]>> = {
  relu: [0],
  relu6: [0, 6],
  elu: [0],
  selu: [0],
  hardSigmoid: [-2.5, 2.5],
  softsign: [0],
  fidelityBentRelu: [0],
};
