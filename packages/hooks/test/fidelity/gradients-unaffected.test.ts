// Gradients are the same inside a capture as without one, and a capture on the tape leaks nothing.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import type {Capture, CaptureOptions} from '@tfjs-capture/hooks';
import {registerGradientKernels, withCapture} from '@tfjs-capture/hooks';
import {named} from './activation-functions.js';
import {expectSameBits} from './float-bits.js';
import {buildLayer, LAYER_KINDS} from './layer-kinds.js';
import {CELL_KINDS} from './recurrent-cells.js';
import {seeded, setSeededWeights} from './seeded-values.js';

type Layer = layers.Layer;

const EVERYTHING: CaptureOptions = {record: ['pre', 'post', 'output']};
/** tfjs has no gradient of these on any backend. */
const HAVE_NO_GRADIENT = /^Conv3DTranspose|dilated/;
/** Of each way in which activation functions are computed: one kernel, several, a softmax, a user's own; the gradient of softplus runs sigmoid's kernel. */
const ACTIVATIONS = ['relu', 'elu', 'softplus', 'softmax', 'gelu_new', 'fidelityBentRelu'];

// WASM lacks the gradients of convolutions.
registerGradientKernels(globalThis.TFJS_BACKEND);

const lossOf = (tensor: Tensor): Scalar => tf.sum(tf.mul(tensor, tf.square(tensor)));

const hooksOf = ({records}: Capture<unknown>): string[] =>
  records.map(({name, activation, slot}) => `${name} ${activation} ${slot}`);

/** Compares gradients with and without capture, of input and weights, and counts tensors. */
function expectUnaffected(layer: Layer, x: Tensor): void {
  const loss = () => lossOf(layer.apply(x) as Tensor);
  loss().dispose();
  const variables = layer.weights.map((weight) => weight.read() as unknown as tf.Variable);
  const ofWeights = (run: () => Scalar) =>
    variables.length > 0 ? tf.variableGrads(run, variables) : {value: run(), grads: {}};
  const ofInput = (input: Tensor) => lossOf(layer.apply(input) as Tensor);

  const forward = withCapture(loss, EVERYTHING);
  const hooks = hooksOf(forward);
  tf.dispose(forward.result);
  forward.dispose();
  const expected = {...ofWeights(loss), input: tf.grad(ofInput)(x)};
  const before = tf.memory();
  const inside = withCapture(() => ({...ofWeights(loss), input: tf.grad(ofInput)(x)}), EVERYTHING);
  const {value, grads, input} = inside.result;
  // Two forward passes, and nothing of the backward ones.
  expect(hooksOf(inside)).toEqual([...hooks, ...hooks]);
  inside.dispose();
  expectSameBits('loss', value, expected.value);
  expectSameBits('gradient of the input', input, expected.input);
  expect(Object.keys(grads)).toEqual(Object.keys(expected.grads));
  for (const [name, gradient] of Object.entries(expected.grads)) {
    expectSameBits(`gradient of ${name}`, grads[name]!, gradient);
  }
  tf.dispose([value, input, grads]);
  expect(tf.memory()).toEqual(before);
  const kept = tf.valueAndGrad((of) => {
    const capture = withCapture(() => layer.apply(of), EVERYTHING);
    return lossOf(capture.records[0]!.pre!);
  })(x);
  tf.dispose(kept);
  expect(tf.memory()).toEqual(before);
  tf.dispose([expected.value, expected.input, expected.grads]);
}

describe.each(LAYER_KINDS.filter(({name}) => !HAVE_NO_GRADIENT.test(name)))('$name', (kind) => {
  if (globalThis.TFJS_BACKEND === 'wasm' && kind.name.startsWith('Conv3D')) {
    test.skip("WASM's gradients of conv3d depend on what was in memory before", () => {});
    return;
  }
  test.each(ACTIVATIONS)('%s', (activation) => {
    const layer = buildLayer(kind, 'layer', named(activation));
    expectUnaffected(layer, seeded([2, ...kind.inputShape], 3, 1));
  });
});

describe.each(CELL_KINDS)('$name', (kind) => {
  test.each(['tanh', 'relu', 'softmax', 'swish'])('%s', (activation) => {
    const layer = kind.layer({activation: named(activation), recurrentActivation: 'sigmoid'});
    const x = seeded([2, 3, ...kind.inputShape], 3, 1);
    tf.dispose(layer.apply(x) as Tensor);
    setSeededWeights(layer);
    expectUnaffected(layer, x);
  });
});

test('a whole model: activation layers, wrappers, and a layer that is shared', () => {
  const shared = layers.dense({units: 4, activation: 'relu'});
  const model = sequential({
    layers: [
      layers.timeDistributed({layer: shared, inputShape: [3, 4]}),
      layers.leakyReLU(),
      layers.prelu(),
      layers.elu(),
      layers.reLU({maxValue: 3}),
      layers.softmax({axis: -1}),
      layers.bidirectional({
        layer: layers.gru({units: 2, returnSequences: true}),
        mergeMode: 'concat',
      }),
    ],
  });
  setSeededWeights(model);
  expectUnaffected(model, seeded([2, 3, 4], 3, 1));
});
