import {LayersModel} from '@tensorflow/tfjs-layers';
import {activatedLayers} from './activated-layers.js';
import {captureVariants} from './capture-variants.js';
import {debugVariants} from './debug-variants.js';
import {graphVariants} from './graph-variants.js';
import {plainVariants} from './plain-variants.js';
import {reducerVariants} from './reducer-variants.js';
import {SUB_MODEL_VARIANTS, subModelVariants} from './sub-model-variants.js';
import type {MissingVariant, Subject, Variant} from './variant.js';

interface Variants {
  readonly variants: Variant[];
  readonly missing: MissingVariant[];
}

/**
 * All that is compared on a model, plain predict first.
 *
 * @param names the layers or nodes that hold the model's activations, in execution order
 */
export function variantsOf(subject: Subject, names: readonly string[]): Variants {
  const {variants, missing} = variantsOfKind(subject, names);
  return {
    variants: [
      ...plainVariants(subject),
      ...captureVariants(subject, names),
      ...reducerVariants(subject),
      ...variants,
      ...debugVariants(subject),
    ],
    missing,
  };
}

/** What makes sense for layers, or for the nodes of a graph. */
function variantsOfKind({model, input}: Subject, names: readonly string[]): Variants {
  if (!(model instanceof LayersModel)) {
    return {variants: graphVariants({model, input}, names), missing: []};
  }
  const activated = activatedLayers(model, names);
  if (activated) return {variants: subModelVariants({model, input}, activated), missing: []};
  const why = 'cannot reach the activations inside a recurrent cell';
  return {variants: [], missing: Object.values(SUB_MODEL_VARIANTS).map((name) => ({name, why}))};
}
