/** How far a forward pass has come when it is at a hook point: by the order of the model's layers or nodes. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel, layers} from '@tensorflow/tfjs-layers';
import type {HookPoint} from '@tfjs-capture/hooks';
import {graphNodes} from '../../src/models/graph-nodes.js';
import {isGraphModel} from './is-graph-model.js';

/** @returns the share of layers or nodes up to a hook point; null where the model does not list it */
export function modelOrder(
  model: LayersModel | GraphModel,
): (point: Pick<HookPoint, 'path'>) => number | null {
  const names = isGraphModel(model) ? Object.keys(graphNodes(model)) : namesIn(model.layers, '');
  const places = new Map(names.map((name, index) => [name, index + 1]));
  return ({path}) => {
    // What a wrapper, an RNN or a layer of the user's calls stands where that stands.
    for (let length = path.length; length > 0; length--) {
      const place = places.get(path.slice(0, length).join('/'));
      if (place !== undefined) return place / names.length;
    }
    return null;
  };
}

function namesIn(list: readonly layers.Layer[], prefix: string): string[] {
  return list.flatMap((layer) => {
    const name = `${prefix}${layer.name}`;
    const {layers: inner} = layer as Partial<Pick<LayersModel, 'layers'>>;
    return inner ? [...namesIn(inner, `${name}/`), name] : [name];
  });
}
