// Gradients through edited layers: those of the same operations by hand, and what finite differences say.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withCapture} from '@tfjs-capture/hooks';
import type {RecordKind} from '@tfjs-capture/hooks';
import {ACTIVATION_NAMES, named} from '../fidelity/activation-functions.js';
import {activateAs, buildLayer, LAYER_KINDS} from '../fidelity/layer-kinds.js';
import type {LayerKind} from '../fidelity/layer-kinds.js';
import {seeded} from '../fidelity/seeded-values.js';
import {bendAt, editedByHand, expectFiniteDifferences, expectSame, KINDS} from './edits-by-hand.js';

// WASM lacks the gradients of convolutions.
registerGradientKernels(globalThis.TFJS_BACKEND);

type Layer = layers.Layer;

/** What tfjs-core cannot differentiate, and what WASM computes otherwise each time. */
const NOT_DIFFERENTIABLE =
  globalThis.TFJS_BACKEND === 'wasm'
    ? /dilated|Conv3D/ // its Conv3DBackpropInputV2 adds to whatever lay in memory
    : /dilated|Conv3DTranspose/;

/** The layer's activation and what is before it, with weights that outlive the call. */
function partsOf(kind: LayerKind, activation: string, layer: Layer) {
  const linear = kind.build({name: 'linear', activation: 'linear'});
  linear.build([null, ...kind.inputShape]);
  linear.built = true;
  linear.setWeights(layer.getWeights());
  const {fusing} = kind;
  const isApart = fusing !== undefined && !fusing.addsBias(activation, 'taped');
  return {
    linear,
    preOf: (x: Tensor): Tensor =>
      isApart ? fusing.otherwise(x, layer.getWeights()) : (linear.apply(x) as Tensor),
  };
}

const CASES: readonly (readonly RecordKind[])[] = [...KINDS.map((kind) => [kind]), KINDS];
const lossOf = (y: Tensor): tf.Scalar => tf.sum(tf.mul(y, seeded(y.shape, 9, 1)));

describe.each(LAYER_KINDS.filter(({name}) => !NOT_DIFFERENTIABLE.test(name)))('$name', (kind) => {
  test.each(ACTIVATION_NAMES)('%s', (activation) => {
    tf.tidy(() => {
      const layer = buildLayer(kind, 'layer', named(activation));
      const {linear, preOf} = partsOf(kind, activation, layer);
      const model = sequential({layers: [layers.inputLayer({inputShape: kind.inputShape}), layer]});
      const x = seeded([2, ...kind.inputShape], 3, 1);
      for (const kinds of CASES) {
        const edited = (input: Tensor): Tensor =>
          withCapture(() => model.predict(input) as Tensor, {
            record: [],
            edit: {layer: bendAt(kinds)},
          }).result;
        const byHand = (input: Tensor): Tensor =>
          editedByHand(kinds, preOf(input), (pre) => activateAs(kind, activation, pre)).output;
        expectSame(
          kinds.join(),
          tf.grad((input) => lossOf(edited(input)))(x),
          tf.grad((input) => lossOf(byHand(input)))(x),
        );
        if (kinds === KINDS) expectFiniteDifferences(edited, x);
      }
      tf.dispose([...layer.weights, ...linear.weights].map((weight) => weight.read()));
    });
  });
});
