/** Integrated gradients: how much each input, or each unit of a layer, adds to a class's score. */
import {add, grad, mul, sub, tidy, zerosLike} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {dropTape, wrongArgument} from '@tfjs-capture/core';
import type {HookPoint, RecordKind} from '@tfjs-capture/core';
import type {Capture} from './capture.js';
import {classScore, layersCalled} from './class-score.js';
import type {Classifier} from './class-score.js';
import type {Layer} from './layer-classes.js';
import type {At} from './look-up.js';
import type {WithCapture} from './with-capture.js';
import type {WithGradients} from './with-gradients.js';

export interface IntegratedGradientsOptions {
  /** The input to start from, in the shape of `x`; zeros unless given. */
  readonly baseline?: Tensor;
  /** How many points of the way are taken; 50 unless given. */
  readonly steps?: number;
  /** What of the layer; 'pre' unless given. */
  readonly of?: RecordKind;
  /** Which of the layer's hook points, where it has several. */
  readonly at?: At;
}

/**
 * Integrated gradients (Sundararajan et al. 2017, https://arxiv.org/abs/1703.01365): the gradient of the class's
 * score, averaged over the straight way from a baseline to the input, times the difference. At a
 * layer the way is that from what the layer has for the baseline to what it has for the input, and all
 * else runs as it is. Where everything goes through that layer, attributions add up to the difference of
 * the two scores. The score is the one before the softmax, if the model ends in one.
 *
 * @param model a LayersModel or a GraphModel with one output [batch, classes]; not changed
 * @param x its input, [batch, …]
 * @param classIndex which class
 * @param layer a name, a suffix of path segments, or the layer object; null for the input itself
 * @returns the attributions, in the shape of what is attributed to; the caller's
 * @throws CaptureArgumentError for wrong arguments; NoGradientError, LayerNotFoundError, … as
 *     `capture.gradient` does
 *
 * @example
 * const attributions = integratedGradients(model, x, 281, 'block4_conv3', {steps: 30});
 */
export type IntegratedGradients = (
  model: Classifier,
  x: Tensor,
  classIndex: number,
  layer: string | Layer | null,
  options?: IntegratedGradientsOptions,
) => Tensor;

export function makeIntegratedGradients(
  withCapture: WithCapture,
  withGradients: WithGradients,
): IntegratedGradients {
  return function integratedGradients(model, x, classIndex, layer, options = {}) {
    const {steps = 50, of = 'pre', at = {}} = options;
    if (!Number.isInteger(steps) || steps < 1) {
      const rule = 'steps must be a positive integer';
      throw wrongArgument('integratedGradients', rule, steps, 'Leave it out for 50.');
    }
    return tidy(() => {
      const {baseline = zerosLike(x)} = options;
      const score = (input: Tensor): Tensor =>
        classScore(withCapture, 'integratedGradients', model, input, classIndex);
      if (layer === null) return average(baseline, x, steps, gradientOf(score));
      const run = (input: Tensor): Capture<unknown> =>
        withCapture(() => score(input), {layers: layersCalled(layer), record: [of]});
      const [before, after] = [run(baseline), run(x)];
      const [from, to] = [before[of](layer, at), after[of](layer, at)];
      // A suffix may be other layers' as well: it stands for one of them.
      const {name: selected} = after.get(layer, at);
      const layers = ({name}: HookPoint): boolean => name === selected;
      const gradientAt = (value: Tensor): Tensor => {
        const replace = (_: Tensor, point: At): Tensor | undefined =>
          isAt(point, at) ? value : undefined;
        const edit = [{layers, [of]: replace}];
        return withGradients(() => score(x), {layers, record: [of], edit}).gradient(layer, {
          of,
          ...at,
        });
      };
      return average(from, to, steps, gradientAt);
    });
  };
}

/** As `tf.grad`, which leaves a tape behind when `score` throws. */
const gradientOf =
  (score: (input: Tensor) => Tensor) =>
  (input: Tensor): Tensor => {
    try {
      return grad(score)(input);
    } catch (error) {
      dropTape();
      throw error;
    }
  };

const isAt = (point: At, {pass, call, slot}: At): boolean =>
  (pass ?? point.pass) === point.pass &&
  (call ?? point.call) === point.call &&
  (slot ?? point.slot) === point.slot;

/** By the midpoint rule. */
function average(
  from: Tensor,
  to: Tensor,
  steps: number,
  gradientAt: (value: Tensor) => Tensor,
): Tensor {
  const way = sub(to, from);
  let total = zerosLike(way);
  for (let step = 0; step < steps; step++) {
    const sum = tidy(() => {
      const value = add(from, mul(way, (step + 0.5) / steps));
      return add(total, gradientAt(value));
    });
    total.dispose();
    total = sum;
  }
  return mul(way, mul(total, 1 / steps));
}
