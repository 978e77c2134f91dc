/** Holds all gradients of a function to those that tfjs gives of a bump added at each hook point. */
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';

import {withCapture, withGradients} from '@tfjs-capture/hooks';
import type {Edits, GradientOptions, HookPoint, RecordKind} from '@tfjs-capture/hooks';
import {expectByDifferences, expectClose, KINKS} from './compare-gradients.js';

/** An edit that adds something at one hook point alone. */
export const addAt = (
  point: HookPoint,
  bump: Tensor,
  kind: RecordKind = 'pre',
): Exclude<Edits, Readonly<Record<string, unknown>>> => [
  {
    layers: ({name, pass, call, slot}) =>
      name === point.name &&
      pass === point.pass &&
      call === point.call &&
      (kind === 'output' || slot === point.slot),
    [kind]: (value: Tensor) => tf.add(value, bump),
  },
];

interface Checks {
  readonly options?: GradientOptions;
  /** Whether by central differences as well, where the activation's bends are known. */
  readonly byDifferences?: boolean;
  /**
   * Whether what goes into an activation goes elsewhere too: the gradient counts that, where an edit changes
   * what the activation gets alone.
   */
  readonly isUsedElsewhere?: (point: HookPoint) => boolean;
}

/**
 * Fails unless `gradient` is right at every pre-activation from which a path leads to the value.
 *
 * @returns the addresses of those that were checked
 */
export function checkEveryGradient(
  value: () => Scalar,
  {options = {}, byDifferences = true, isUsedElsewhere = () => false}: Checks = {},
): string[] {
  return tf.tidy(() => {
    const capture = withGradients(value, options);
    const checked: string[] = [];
    for (const point of capture.find('**')) {
      const {name, pass, call, slot, pre, activation} = point;
      if (isUsedElsewhere(point)) continue;
      const valueAt = (bump: Tensor): Scalar =>
        withCapture(value, {record: [], edit: addAt(point, bump)}).result;
      const what = `${name} ${pass} ${call} ${slot}`;
      const gradient = capture.gradient(name, {pass, call, slot});
      const expected = tf.grad(valueAt)(tf.zeros(pre!.shape));
      expectClose(what, gradient, expected);
      if (byDifferences) {
        const kinks = KINKS[activation ?? ''] ?? [];
        expectByDifferences(what, gradient, pre!, valueAt, {kinks, tolerance: 0.03});
      }
      checked.push(what);
    }
    return checked;
  });
}
