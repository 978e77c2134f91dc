import {model as layersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/**
 * The network without what comes after `layer`, which would only cost time, and often wants images
 * of one size. It consists of the network's own layers with their own weights: dispose the network,
 * not this.
 *
 * @throws Error if the network has no layer of that name
 */
export function networkUpTo(network: LayersModel, layer: string): LayersModel {
  return layersModel({inputs: network.inputs, outputs: network.getLayer(layer).output});
}
