// Gradients through GraphModels: unaffected by captures, and of losses on what was captured.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {buildGraphModel, graphArtifacts} from './graph-fixture.js';
import {modelOf} from './load-graph-models.js';
import {preNameOf, splitFusedNodes} from './rewrite-fused-node.js';
import {vggLikeGraph} from './vgg-like-graph.js';

const everything: CaptureOptions = {record: ['pre', 'post', 'output']};

let model: GraphModel;
let x: Tensor;
beforeAll(async () => {
  model = await buildGraphModel(vggLikeGraph());
  x = seeded([2, 4, 4, 2], 6);
});
afterAll(() => {
  model.dispose();
  x.dispose();
});

describe('gradients', () => {
  const square = (value: Tensor): tf.Scalar => tf.sum(tf.square(value));
  /** As far as WASM has the kernels: the depthwise convolution's gradient it has not. */
  const outputs = () =>
    tf.getBackend() === 'cpu' ? 'predictions/Softmax' : 'vgg19/block4_conv3/Relu';

  test('through a model are what they are without capture', () => {
    tf.tidy(() => {
      const loss = (input: Tensor) => square(model.execute(input, outputs()) as Tensor);
      const plain = tf.grad(loss)(x);
      expect(plain.dataSync().some((value) => value !== 0)).toBe(true);
      const capture = withCapture(() => tf.grad(loss)(x), everything);
      expectSameBits('gradient', capture.result, plain);
      const inside = tf.grad((input) => withCapture(() => loss(input), everything).result)(x);
      expectSameBits('gradient', inside, plain);
    });
  });

  test('of a loss on a captured pre-activation are those of the loss written by hand', async () => {
    const name = 'vgg19/block4_conv3/Relu';
    const split = await modelOf(
      splitFusedNodes(graphArtifacts(vggLikeGraph()), ['vgg19/block1_conv1/Relu', name], 'apart'),
    );
    tf.tidy(() => {
      const gradientOf = (value: (input: Tensor) => Tensor) =>
        tf.grad((input) => square(value(input)))(x);
      const byHand = gradientOf((input) => split.execute(input, [preNameOf(name)]) as Tensor);
      const captured = gradientOf((input) => {
        const capture = withCapture(() => model.execute(input, [name]));
        return capture.pre('block4_conv3/BiasAdd:0');
      });
      expect(byHand.dataSync().some((value) => value !== 0)).toBe(true);
      expectSameBits('gradient', captured, byHand);
    });
    split.dispose();
  });

  test('of a loss on a captured output and post-activation, likewise', () => {
    const name = 'vgg19/block1_conv1/Relu';
    tf.tidy(() => {
      const plain = tf.grad((input) => square(model.execute(input, [name]) as Tensor))(x);
      for (const kind of ['post', 'output'] as const) {
        const captured = tf.grad((input) =>
          square(withCapture(() => model.execute(input, [name]), {record: [kind]})[kind](name)),
        )(x);
        expectSameBits(kind, captured, plain);
      }
    });
  });
});
