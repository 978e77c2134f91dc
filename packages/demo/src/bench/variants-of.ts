import {activatedLayers} from './activated-layers.js';
import {captureVariants} from './capture-variants.js';
import {debugVariants} from './debug-variants.js';
import {plainVariants} from './plain-variants.js';
import {SUB_MODEL_VARIANTS, subModelVariants} from './sub-model-variants.js';
import type {MissingVariant, Subject, Variant} from './variant.js';

/**
 * All that is compared on a model, plain predict first.
 *
 * @param names the model's hook points, in execution order
 */
export function variantsOf(
  subject: Subject,
  names: readonly string[],
): {variants: Variant[]; missing: MissingVariant[]} {
  const activated = activatedLayers(subject.model, names);
  return {
    variants: [
      ...plainVariants(subject),
      ...captureVariants(subject, names),
      ...(activated ? subModelVariants(subject, activated) : []),
      ...debugVariants(subject),
    ],
    missing: activated
      ? []
      : Object.values(SUB_MODEL_VARIANTS).map((name) => ({
          name,
          why: 'cannot reach the activations inside a recurrent cell',
        })),
  };
}
