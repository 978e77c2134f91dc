// Gradients at every hook point of random models. On failure fast-check prints the seed and the smallest plan.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {registerGradientKernels} from '@tfjs-capture/hooks';
import type {HookPoint} from '@tfjs-capture/hooks';
import type {LayerKind} from '../fidelity/layer-kinds.js';
import {buildPlan} from '../fidelity/model-plans.js';
import {KINDS_BY_SHAPE, plansAndShapes} from '../fidelity/random-plans.js';
import {seeded} from '../fidelity/seeded-values.js';
import {checkEveryGradient} from './check-every-gradient.js';
import {lossOf} from './compare-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

/** What goes into an activation layer may go into other branches as well, which an edit leaves alone. */
const isUsedElsewhere = ({name}: HookPoint): boolean => name.includes('Activation');

const scenarios = fc.record({
  model: plansAndShapes,
  rows: fc.constantFrom(1, 2, 33),
  entry: fc.constantFrom('predict' as const, 'apply' as const),
});

test('are those of bumps', () => {
  fc.assert(
    fc.property(scenarios, ({model: {on, plan}, rows, entry}) => {
      const kinds: readonly LayerKind[] = KINDS_BY_SHAPE[on];
      const {model, dispose} = buildPlan(plan, kinds);
      tf.tidy(() => {
        const x = seeded([rows, ...kinds[0]!.inputShape], 5, 1);
        const value = () => lossOf(tf.tanh(model[entry](x) as Tensor));
        checkEveryGradient(value, {isUsedElsewhere, byDifferences: false});
      });
      dispose();
    }),
    {numRuns: 30},
  );
});
