import {abs, mean, sub, tidy} from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withCapture} from '@tfjs-capture/hooks';

/** Before the activation, or after it. */
export type Side = 'pre' | 'post';

/** Where in a network images are compared. The network is neither changed nor trained. */
export interface FeaturePoint {
  readonly network: LayersModel;
  /** A layer with an activation, as `capture.pre` and `capture.post` take it. */
  readonly layer: string;
  readonly side: Side;
}

/**
 * What `network` makes of an image at this point. Differentiable with respect to the image: captured
 * tensors are on the gradient tape. The result is the caller's.
 *
 * @param image as the network takes it
 */
export function featuresOf({network, layer, side}: FeaturePoint, image: Tensor): Tensor {
  return tidy(() => {
    const capture = withCapture(() => network.apply(image), {layers: layer, record: [side]});
    return capture[side](layer);
  });
}

/**
 * The mean absolute difference between an image's features and those of its target: the perceptual
 * loss of ESRGAN (Wang et al. 2018, section 3.3), which takes them before the activation. What a
 * ReLU has stopped is 0 on both sides afterwards, and has no gradient.
 *
 * Leaves intermediate tensors to the tidy around it, which an optimizer's `minimize` brings.
 *
 * @param targetFeatures `featuresOf(point, target)`
 */
export function perceptualLoss(point: FeaturePoint, image: Tensor, targetFeatures: Tensor): Scalar {
  return mean(abs(sub(featuresOf(point, image), targetFeatures)));
}
