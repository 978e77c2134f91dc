/** Grad-CAM: where in an image a class is seen. */
import {mean, mul, relu, sum, tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {CaptureArgumentError} from '@tfjs-capture/core';
import {classScore, layersCalled} from './class-score.js';
import type {Classifier} from './class-score.js';
import type {Layer} from './layer-classes.js';
import type {WithCapture} from './with-capture.js';
import type {WithGradients} from './with-gradients.js';

/**
 * Grad-CAM (Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391): a layer's feature maps, each weighted
 * by the mean gradient of the class's score with respect to it, summed, of which what is negative is left
 * out. The score is the one before the softmax, if the model ends in one.
 *
 * @param model a LayersModel or a GraphModel with one output [batch, classes]; not changed
 * @param x its input, [batch, …]
 * @param classIndex which class
 * @param layer the layer whose output is looked at, mostly the last convolution's activation: a name, a suffix of
 *     path segments, or the layer object; for a GraphModel a node's name. Its channels come last
 * @returns [batch, …], the output's shape without its last axis, the channels: [batch, height, width]
 *     for images. Not scaled: divide by its maximum to draw it, and resize it to the image. It is the caller's
 * @throws CaptureArgumentError for a wrong class or model; NoGradientError, LayerNotFoundError, … as
 *     `capture.gradient` does
 *
 * @example
 * const heat = gradCam(model, x, 281, 'out_relu');
 */
export type GradCam = (
  model: Classifier,
  x: Tensor,
  classIndex: number,
  layer: string | Layer,
) => Tensor;

export function makeGradCam(withCapture: WithCapture, withGradients: WithGradients): GradCam {
  return function gradCam(model, x, classIndex, layer) {
    return tidy(() => {
      const score = () => classScore(withCapture, 'gradCam', model, x, classIndex);
      const capture = withGradients(score, {layers: layersCalled(layer), record: ['output']});
      const maps = capture.output(layer);
      if (maps.rank < 3) {
        throw new CaptureArgumentError(
          `gradCam: the layer must give maps [batch, …, channels], got [${maps.shape.join()}]. ` +
            'Pass a convolution or its activation.',
        );
      }
      const gradients = capture.gradient(layer, {of: 'output'});
      const places = maps.shape.map((_, axis) => axis).slice(1, -1);
      const weights = mean(gradients, places, true);
      return relu(sum(mul(maps, weights), -1));
    });
  };
}
