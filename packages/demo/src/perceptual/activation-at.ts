import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withCapture} from '@tfjs-capture/hooks';

/** What an activation makes of an image's features. */
export interface ActivationAt {
  /** The name of the function. */
  readonly activation: string;
  /**
   * The share of the features, 0 to 1, that it passes on as they were: a ReLU, with or without a
   * ceiling, passes gradients back through these alone.
   */
  readonly passedOn: number;
}

/** @param layer of the network, an activation */
export async function activationAt(
  network: LayersModel,
  layer: string,
  image: Tensor,
): Promise<ActivationAt> {
  using capture = withCapture(() => network.apply(image) as Tensor, {
    layers: layer,
    record: ['pre', 'post'],
  });
  capture.result.dispose();
  const {activation} = capture.get(layer);
  if (activation === null) throw new Error(`activationAt: ${layer} is no activation.`);
  const [before, after] = await Promise.all([
    capture.pre(layer).data(),
    capture.post(layer).data(),
  ]);
  const passedOn = before.filter((value, index) => value !== 0 && value === after[index]);
  return {activation, passedOn: passedOn.length / before.length};
}
