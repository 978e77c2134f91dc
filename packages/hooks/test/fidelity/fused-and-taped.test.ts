// Every kind of layer × every activation function × the fused and the taped route.
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import {ACTIVATION_NAMES, named} from './activation-functions.js';
import {download, expectSameBits} from './float-bits.js';
import {activateAs, buildLayer, LAYER_KINDS, referencePre} from './layer-kinds.js';
import type {LayerKind} from './layer-kinds.js';
import {onRoute, ROUTES} from './routes.js';
import {seeded} from './seeded-values.js';

const BATCH = 2;

/** The layer, and something after it, so that the result is not the layer's own output. */
function buildModel(kind: LayerKind, activation: string): {whole: LayersModel; upTo: LayersModel} {
  const layer = buildLayer(kind, 'layer', named(activation));
  const upTo = sequential({layers: [layers.inputLayer({inputShape: kind.inputShape}), layer]});
  const whole = model({
    inputs: upTo.inputs,
    outputs: layers.add().apply([layer.output, layer.output] as SymbolicTensor[]) as SymbolicTensor,
  });
  return {whole, upTo};
}

describe.each(LAYER_KINDS)('$name', (kind) => {
  const x = seeded([BATCH, ...kind.inputShape], 3);

  describe.each(ACTIVATION_NAMES)('%s', (activation) => {
    const {whole, upTo} = buildModel(kind, activation);

    test.each(ROUTES)('%s', (route) => {
      const predict = (of: LayersModel) => of.predict(x) as Tensor;
      const expected = onRoute(route, () => ({
        result: download(predict(whole)),
        post: download(predict(upTo)),
        pre: download(referencePre(kind, activation, upTo.getLayer('layer'), x, route)),
      }));
      const got = onRoute(route, () => {
        const capture = withCapture(() => predict(whole), {record: ['pre', 'post', 'output']});
        const {pre, post, output} = capture.get('layer');
        return {
          hooks: capture.records
            .filter((record) => record.activation !== null)
            .map(({name, activation: of, pass, call, slot}) => ({name, of, pass, call, slot})),
          result: download(capture.result),
          pre: download(pre!),
          post: download(post!),
          output: download(output!),
          activated: download(activateAs(kind, activation, pre!)),
        };
      });
      expect(got.hooks).toEqual([{name: 'layer', of: activation, pass: 0, call: 0, slot: 0}]);
      expectSameBits('result', got.result, expected.result);
      expectSameBits('post', got.post, expected.post);
      expectSameBits('output', got.output, expected.post);
      expectSameBits('pre', got.pre, expected.pre);
      expectSameBits('activation(pre)', got.activated, got.post);
    });
  });

  test('linear has no hook point', () => {
    const {whole} = buildModel(kind, 'linear');
    for (const route of ROUTES) {
      expect(
        onRoute(route, () => withCapture(() => whole.predict(x)).records.map(({name}) => name)),
      ).toEqual([]);
    }
  });
});
