// Every kind of layer × every activation × what is edited: what models give in which the edit is written out.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import type {RecordKind} from '@tfjs-capture/hooks';
import {ACTIVATION_NAMES, named} from '../fidelity/activation-functions.js';
import {download, expectSameBits} from '../fidelity/float-bits.js';
import {activateAs, buildLayer, LAYER_KINDS, referencePre} from '../fidelity/layer-kinds.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import {seeded} from '../fidelity/seeded-values.js';
import {bendAt, editedByHand, expectClose, KINDS} from './edits-by-hand.js';

const CASES: readonly (readonly RecordKind[])[] = [...KINDS.map((kind) => [kind]), KINDS];

describe.each(LAYER_KINDS)('$name', (kind) => {
  const x = seeded([2, ...kind.inputShape], 3);

  test.each(ACTIVATION_NAMES)('%s', (activation) => {
    const layer = buildLayer(kind, 'layer', named(activation));
    const model = sequential({layers: [layers.inputLayer({inputShape: kind.inputShape}), layer]});
    const [fused, taped] = ROUTES.map((route) =>
      CASES.map((kinds) => {
        const got = onRoute(route, () => {
          const capture = withCapture(() => model.predict(x) as Tensor, {
            record: [...KINDS],
            edit: {layer: bendAt(kinds)},
          });
          const {pre, post, output} = capture.get('layer');
          return {
            pre: download(pre!),
            post: download(post!),
            output: download(output!),
            result: download(capture.result),
          };
        });
        const expected = onRoute(route, () => {
          const before = referencePre(kind, activation, layer, x, route);
          const {pre, post, output} = editedByHand(kinds, before, (given) =>
            activateAs(kind, activation, given),
          );
          return {pre: download(pre), post: download(post), output: download(output)};
        });
        const what = `${route}, ${kinds.join()} edited:`;
        expectSameBits(`${what} pre`, got.pre, expected.pre);
        expectSameBits(`${what} post`, got.post, expected.post);
        expectSameBits(`${what} output`, got.output, expected.output);
        expectSameBits(`${what} result`, got.result, expected.output);
        return got.result;
      }),
    );
    fused!.forEach((result, i) => expectClose('both routes', result, taped![i]!));
    tf.dispose(layer.weights.map((weight) => weight.read()));
  });
});
