/** Random plans of models, for fast-check: they shrink towards one layer. */
import {layers} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';

import {ACTIVATION_NAMES} from './activation-functions.js';
import {conv2d, dense} from './layer-kinds.js';
import type {LayerKind} from './layer-kinds.js';
import type {Plan} from './model-plans.js';

const activationLayer = (inputShape: number[]): LayerKind => ({
  name: 'Activation',
  inputShape,
  build: (config) => layers.activation(config),
});

const VECTOR = [4];
const SEQUENCE = [5, 3];
const IMAGE = [4, 3, 2];
const same = {padding: 'same'} as const;

/** Layers that keep their input's shape. */
export const KINDS_BY_SHAPE = {
  vector: [dense('Dense', VECTOR), activationLayer(VECTOR)],
  sequence: [
    dense('Dense', SEQUENCE, {units: 3}),
    activationLayer(SEQUENCE),
    {
      name: 'Conv1D',
      inputShape: SEQUENCE,
      build: (config) => layers.conv1d({...config, ...same, filters: 3, kernelSize: 3}),
    },
  ],
  image: [
    conv2d('Conv2D', IMAGE, {filters: 2, kernelSize: 3, ...same}),
    conv2d('Conv2D 1x1', IMAGE, {filters: 2, kernelSize: 1, useBias: false}),
    dense('Dense', IMAGE, {units: 2}),
    activationLayer(IMAGE),
    {
      name: 'DepthwiseConv2D',
      inputShape: IMAGE,
      build: (config) => layers.depthwiseConv2d({...config, ...same, kernelSize: 2}),
    },
    {
      name: 'SeparableConv2D',
      inputShape: IMAGE,
      build: (config) => layers.separableConv2d({...config, ...same, filters: 2, kernelSize: 2}),
    },
  ],
} satisfies Record<string, readonly LayerKind[]>;
type ShapeName = keyof typeof KINDS_BY_SHAPE;

/** Plans of some depth over layers of one shape; they shrink towards one layer. */
function plansOf(kinds: readonly LayerKind[]): fc.Arbitrary<Plan> {
  const {plan} = fc.letrec<{plan: Plan; layer: Plan}>((tie) => ({
    layer: fc.record({
      part: fc.constant('layer' as const),
      kind: fc.constantFrom(...kinds.map(({name}) => name)),
      activation: fc.constantFrom('relu', 'linear', ...ACTIVATION_NAMES),
    }),
    plan: fc.oneof(
      {maxDepth: 4, withCrossShrink: true, depthSize: 'large'},
      tie('layer'),
      fc.record({
        part: fc.constant('chain' as const),
        parts: fc.array(tie('plan'), {minLength: 1, maxLength: 3}),
      }),
      fc.record({
        part: fc.constant('branches' as const),
        arms: fc.array(tie('plan'), {minLength: 1, maxLength: 3}),
      }),
      fc.record({
        part: fc.constant('nested' as const),
        as: fc.constantFrom('functional' as const, 'sequential' as const),
        body: tie('plan'),
      }),
      fc.record({part: fc.constant('twice' as const), body: tie('plan')}),
      fc.record({part: fc.constant('shared' as const), body: tie('plan'), other: tie('layer')}),
    ),
  }));
  return plan;
}

/** A plan, and over layers of what shape it is one. */
export const plansAndShapes = fc.oneof(
  ...(Object.keys(KINDS_BY_SHAPE) as ShapeName[]).map((on) =>
    fc.record({on: fc.constant(on), plan: plansOf(KINDS_BY_SHAPE[on])}),
  ),
);
