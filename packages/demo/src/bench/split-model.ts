import {input, layers, model as layersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {isActivationLayer, outputOf} from './activated-layers.js';
import type {Layer} from './activated-layers.js';
import {copyLayer, shareWeights} from './copy-layer.js';

/**
 * Rebuilds a model with every activation as a layer of its own, as one would by hand. Its outputs are
 * what goes into the activations, in the order of `activated`, then the model's own output.
 *
 * @param model of layers that are used once; the new one shares the data of its weights
 * @param activated its layers that hold activations
 */
export function splitModel(model: LayersModel, activated: readonly Layer[]): LayersModel {
  const rebuilt = new Map<SymbolicTensor, SymbolicTensor>();
  const preActivations = new Map<Layer, SymbolicTensor>();
  const toShare: {from: Layer; to: Layer}[] = [];
  const inputs: SymbolicTensor[] = [];

  // A model's layers stand in an order in which each comes after those that it needs.
  for (const layer of model.layers) {
    const original = outputOf(layer);
    if (layer.getClassName() === 'InputLayer') {
      const tensor = input({batchShape: original.shape, name: layer.name});
      inputs.push(tensor);
      rebuilt.set(original, tensor);
      continue;
    }
    const from = inputsOf(layer).map((tensor) => known(rebuilt, tensor, layer));
    const [first] = from as [SymbolicTensor];
    const hasActivation = activated.includes(layer);
    const isSplit = hasActivation && !isActivationLayer(layer);
    const copy = copyLayer(layer, isSplit ? {activation: 'linear'} : {});
    const output = copy.apply(from.length === 1 ? first : from) as SymbolicTensor;
    toShare.push({from: layer, to: copy});
    if (hasActivation) preActivations.set(layer, isSplit ? output : first);
    rebuilt.set(original, isSplit ? activate(layer, output) : output);
  }

  const outputs = [
    ...activated.map((layer) => known(preActivations, layer, layer)),
    ...model.outputs.map((tensor) => known(rebuilt, tensor, model)),
  ];
  const split = layersModel({inputs, outputs, name: `${model.name}_split`});
  for (const {from, to} of toShare) shareWeights(from, to);
  return split;
}

function activate(layer: Layer, linear: SymbolicTensor): SymbolicTensor {
  const {activation} = layer.getConfig();
  const name = `${layer.name}_activation`;
  return layers
    .activation({name, activation: activation as 'relu'})
    .apply(linear) as SymbolicTensor;
}

function inputsOf(layer: Layer): SymbolicTensor[] {
  return Array.isArray(layer.input) ? layer.input : [layer.input];
}

function known<K>(
  rebuilt: ReadonlyMap<K, SymbolicTensor>,
  key: K,
  {name}: {readonly name: string},
): SymbolicTensor {
  const tensor = rebuilt.get(key);
  if (tensor) return tensor;
  throw new Error(`splitModel: ${name} needs a tensor that no layer before it gives.`);
}
