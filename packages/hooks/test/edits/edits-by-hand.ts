/** Edits that are easy to write out by hand, and what a model must give that has them. */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import type {RecordKind} from '@tfjs-capture/hooks';
import {download, expectSameBits} from '../fidelity/float-bits.js';
import type {Contents} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';

export const KINDS: readonly RecordKind[] = ['pre', 'post', 'output'];

/**
 * An edit that is not linear, has a slope everywhere, and does something else at each place: applied to
 * a value in another layout it gives something else.
 */
export const bend = (seed: number) => (value: Tensor) =>
  tf.add(tf.mul(value, seeded(value.shape, seed, 1)), tf.mul(0.2, tf.square(tf.sub(value, 0.1))));

/** Which of the kinds are edited, and how. */
export const bendAt = (kinds: readonly RecordKind[]) =>
  Object.fromEntries(kinds.map((kind, i) => [kind, bend(31 + i)]));

/** The hand-written counterpart of `bendAt`, for one kind. */
export function bentAt(kinds: readonly RecordKind[], kind: RecordKind, value: Tensor): Tensor {
  const place = kinds.indexOf(kind);
  return place < 0 ? value : bend(31 + place)(value);
}

/** What an edited layer gives, by hand. */
export const editedByHand = (
  kinds: readonly RecordKind[],
  pre: Tensor,
  activate: (pre: Tensor) => Tensor,
): {pre: Tensor; post: Tensor; output: Tensor} => {
  const edited = bentAt(kinds, 'pre', pre);
  const post = bentAt(kinds, 'post', activate(edited));
  return {pre: edited, post, output: bentAt(kinds, 'output', post)};
};

/** Fails unless both agree to within a part of the largest of them. */
export function expectClose(
  what: string,
  actual: Tensor | Contents,
  expected: Tensor | Contents,
  tolerance = 1e-5,
): void {
  const [a, b] = [download(actual), download(expected)];
  expect({what, shape: a.shape}).toEqual({what, shape: b.shape});
  const scale = Array.from(b.values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const off = Array.from(a.values).findIndex(
    (value, i) =>
      !(Math.abs(value - b.values[i]!) <= tolerance * scale || Object.is(value, b.values[i])),
  );
  if (off < 0) return;
  throw new Error(
    `${what}: differs at ${off}, got ${a.values[off]}, expected ${b.values[off]}, largest ${scale}`,
  );
}

/** On CPU the same operations give the same bits; WASM's gradients add up in other orders. */
export const expectSame = (what: string, actual: Tensor | Contents, expected: Tensor | Contents) =>
  globalThis.TFJS_BACKEND === 'cpu'
    ? expectSameBits(what, actual, expected)
    : expectClose(what, actual, expected);

/**
 * Fails unless the gradient of a weighted sum of what `run` gives is what central finite differences
 * say, along a direction. `run` is differentiated with a tape and run without one.
 */
export function expectFiniteDifferences(run: (x: Tensor) => Tensor, x: Tensor, step = 2e-3): void {
  tf.tidy(() => {
    let weights: Tensor | null = null;
    const weigh = (y: Tensor) => tf.sum(tf.mul(y, (weights ??= tf.keep(seeded(y.shape, 91, 1)))));
    const gradient = tf
      .grad((input) => weigh(run(input)))(x)
      .dataSync();
    const direction = seeded(x.shape, 92, 1);
    const slopes = direction.dataSync();
    const at = (offset: number): number => {
      const y = run(tf.add(x, tf.mul(direction, offset))).dataSync();
      // In double precision: the differences are small.
      return Array.from(weights!.dataSync()).reduce((sum, weight, i) => sum + weight * y[i]!, 0);
    };
    const expected = (at(step) - at(-step)) / (2 * step);
    const parts = Array.from(gradient, (value, i) => value * slopes[i]!);
    const got = parts.reduce((sum, part) => sum + part, 0);
    const scale = parts.reduce((sum, part) => sum + Math.abs(part), 0);
    (weights as Tensor | null)?.dispose();
    expect(scale).toBeGreaterThan(0);
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(0.01 * scale + 1e-3);
  });
}
