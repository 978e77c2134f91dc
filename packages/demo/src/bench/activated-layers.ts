/** The layers of a model that hold its activations, as far as its layer graph shows them. */
import type {layers, LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

export type Layer = layers.Layer;

const ACTIVATION_LAYERS = ['Activation', 'ELU', 'LeakyReLU', 'PReLU', 'ReLU', 'Softmax'];

/** Whether the layer is an activation and nothing else. */
export function isActivationLayer(layer: Layer): boolean {
  return ACTIVATION_LAYERS.includes(layer.getClassName());
}

/**
 * Finds the layers of the names that a capture gives.
 *
 * @returns null if the graph does not show all of them: what happens inside a recurrent cell cannot
 * be an output of a model
 */
export function activatedLayers(model: LayersModel, names: readonly string[]): Layer[] | null {
  const found = names.map((name) => model.layers.find((layer) => layer.name === name));
  return found.every((layer) => layer !== undefined) ? found : null;
}

/** Every layer of the benchmarked models has one input and one output. */
export function inputOf(layer: Layer): SymbolicTensor {
  return only(layer.input, layer);
}

export function outputOf(layer: Layer): SymbolicTensor {
  return only(layer.output, layer);
}

function only(tensors: SymbolicTensor | SymbolicTensor[], layer: Layer): SymbolicTensor {
  const [first, second] = Array.isArray(tensors) ? tensors : [tensors];
  if (first !== undefined && second === undefined) return first;
  throw new Error(`activatedLayers: ${layer.name} must have one input and one output.`);
}
