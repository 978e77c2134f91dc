// d value / d pre, for every kind of layer and every activation function: that of a model split there by hand.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withCapture, withGradients} from '@tfjs-capture/hooks';
import {ACTIVATION_NAMES, named} from '../fidelity/activation-functions.js';
import {expectSameBits} from '../fidelity/float-bits.js';
import {activateAs, buildLayer, LAYER_KINDS} from '../fidelity/layer-kinds.js';
import {seeded} from '../fidelity/seeded-values.js';
import {expectByDifferences, KINKS, lossOf} from './compare-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);
const isWasm = globalThis.TFJS_BACKEND === 'wasm';

/** What tfjs cannot differentiate: see docs/tensorflow-js.md. Hook points behind it have gradients all the same. */
const withoutGradient = (kind: string): boolean =>
  kind === 'Conv3DTranspose' || kind.endsWith('dilated') || (isWasm && kind.startsWith('Conv3D'));

describe.each(LAYER_KINDS)('$name', (kind) => {
  test.each(ACTIVATION_NAMES)('%s', (activation) => {
    tf.tidy(() => {
      const before = layers.activation({name: 'before', activation: 'tanh'});
      const layer = buildLayer(kind, 'layer', named(activation));
      const x = seeded([2, ...kind.inputShape], 3, 2);
      const run = (input: Tensor): Tensor => layer.apply(before.apply(input)) as Tensor;
      const value = (): Scalar => lossOf(run(x));

      const isBlocked = withoutGradient(kind.name);
      const capture = withGradients(value, isBlocked ? {layers: 'layer'} : {});
      const pre = capture.pre('layer');
      const gradient = capture.gradient('layer');
      expect(gradient.shape).toEqual(run(x).shape);
      expect(gradient.dataSync().some((one) => one !== 0 && isFinite(one))).toBe(true);

      const ofPre = (given: Tensor) => lossOf(activateAs(kind, activation, given));
      expectSameBits('layer', gradient, tf.grad(ofPre)(pre));
      expectByDifferences(
        'layer',
        gradient,
        pre,
        (bump) =>
          withCapture(value, {edit: {layer: (given) => tf.add(given, bump)}, record: []}).result,
        {kinks: KINKS[activation] ?? []},
      );
      if (isBlocked) return;
      const ofBefore = (given: Tensor) => lossOf(layer.apply(tf.tanh(given)) as Tensor);
      const expected = tf.grad(ofBefore)(capture.pre('before'));
      expectSameBits('before', capture.gradient('before'), expected);
    });
  });
});
