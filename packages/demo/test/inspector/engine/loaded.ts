import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {isGraphModel} from '../../../inspector/engine/is-graph-model.js';
import type {LoadedModel} from '../../../inspector/engine/loaded-model.js';
import type {ModelInfo} from '../../../inspector/protocol/model.js';

/** A model as if it had been loaded, with what of it the running half of the engine looks at. */
export function loadedOf(
  model: LayersModel | GraphModel,
  known: Partial<ModelInfo> = {},
): LoadedModel {
  const inputs = model.inputs.map(({name, shape, dtype}) => ({
    name,
    shape: (shape ?? []).map((size) => (size === -1 ? null : size)),
    dtype,
  }));
  const info: ModelInfo = {
    name: 'model under test',
    format: isGraphModel(model) ? 'graph-model' : 'layers-model',
    inputs,
    imageInput: null,
    parameters: 0,
    bytes: 0,
    classCount: null,
    classes: null,
    ...known,
  };
  return {
    model,
    info,
    dispose: () => {
      model.dispose();
    },
  };
}
