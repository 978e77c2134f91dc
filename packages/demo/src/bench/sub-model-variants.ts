/** What people do with models of the same layers: more outputs, or one model per layer. */
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, model as layersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {inputOf, isActivationLayer, outputOf} from './activated-layers.js';
import type {Layer} from './activated-layers.js';
import {copyLayer, shareWeights} from './copy-layer.js';
import {splitModel} from './split-model.js';
import {disposeOutput, hookKey, predict, tensorsOf} from './variant.js';
import type {Subject, Variant} from './variant.js';

export const SUB_MODEL_VARIANTS = {
  multiOutput: 'one multi-output model (post only)',
  subModels: 'one sub-model per layer (post only)',
  linearClones: 'one linear clone per layer',
  split: 'model split by hand',
} as const;

/** @param activated the layers that hold the model's activations, in execution order */
export function subModelVariants(
  subject: Subject<LayersModel>,
  activated: readonly Layer[],
): Variant[] {
  const {model} = subject;
  const [inputs] = model.inputs as [SymbolicTensor];
  const [last] = model.outputs as [SymbolicTensor];
  const posts = activated.map(outputOf);
  const toOutput = (outputs: SymbolicTensor) => layersModel({inputs, outputs});
  return [
    variantOf(SUB_MODEL_VARIANTS.multiOutput, subject, activated, {
      // The model's own output is one of them, be it an activation's or not: its user wants that too.
      models: [layersModel({inputs, outputs: [...new Set([...posts, last])]})],
      side: 'post',
      resultAt: posts.includes(last) ? posts.indexOf(last) : posts.length,
    }),
    variantOf(SUB_MODEL_VARIANTS.subModels, subject, activated, {
      models: posts.map(toOutput),
      side: 'post',
    }),
    variantOf(SUB_MODEL_VARIANTS.linearClones, subject, activated, {
      models: activated.map(linearTwin).map(toOutput),
      side: 'pre',
    }),
    variantOf(SUB_MODEL_VARIANTS.split, subject, activated, {
      models: [splitModel(model, activated)],
      side: 'pre',
      resultAt: activated.length,
    }),
  ];
}

/**
 * The output that the layer would have without its activation. Clones of a whole model differ from
 * what is made here in their memory: here all layers but the last are the model's own.
 */
function linearTwin(layer: Layer): SymbolicTensor {
  if (isActivationLayer(layer)) {
    return layers.activation({activation: 'linear'}).apply(inputOf(layer)) as SymbolicTensor;
  }
  const twin = copyLayer(layer, {activation: 'linear'});
  const output = twin.apply(inputOf(layer)) as SymbolicTensor;
  shareWeights(layer, twin);
  return output;
}

interface Models {
  /** They have, together, one output per activated layer, in order, before any other. */
  readonly models: readonly LayersModel[];
  readonly side: 'pre' | 'post';
  /** Which output is the model's own, if any. */
  readonly resultAt?: number;
}

function variantOf(
  name: string,
  {input}: Subject,
  activated: readonly Layer[],
  {models, side, resultAt}: Models,
): Variant {
  return {
    name,
    isBudgeted: false,
    run() {
      for (const model of models) disposeOutput(predict({model, input}));
    },
    yield() {
      const tensors = models.flatMap((model) => tensorsOf(predict({model, input})));
      const result = resultAt === undefined ? undefined : tensors[resultAt];
      const byHook = new Map<string, Tensor>();
      for (const [index, {name: layer}] of activated.entries()) {
        const tensor = tensors[index];
        if (tensor) byHook.set(hookKey(layer), tensor);
      }
      return {
        [side]: byHook,
        ...(result ? {results: [result]} : {}),
        dispose() {
          for (const tensor of tensors) tensor.dispose();
        },
      };
    },
  };
}
