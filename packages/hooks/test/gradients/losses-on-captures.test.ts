// Losses on captured tensors, in every way in which tfjs differentiates, and of second order.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withCapture, withGradients} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {buildGraphModel, graphArtifacts} from '../graph-models/graph-fixture.js';
import {modelOf} from '../graph-models/load-graph-models.js';
import {preNameOf, splitFusedNodes} from '../graph-models/rewrite-fused-node.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';
import {expectClose, lossOf} from './compare-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

// Not tanh or sigmoid: tfjs loses their gradients of second order. See docs/tensorflow-js.md.
const net = sequential({
  layers: [
    layers.dense({name: 'first', units: 4, activation: 'softplus', inputShape: [3]}),
    layers.dense({name: 'second', units: 2, activation: 'softplus'}),
  ],
});
setSeededWeights(net);
const [x, y] = [seeded([5, 3], 3, 1), seeded([5, 3], 4, 1)];
const apply = (input: Tensor): Tensor => net.apply(input) as Tensor;
const weights = () =>
  net.weights.map((weight) => weight.read()) as [Tensor2D, Tensor, Tensor2D, Tensor];

/** What goes into the activations, by hand. */
function byHand(input: Tensor): {first: Tensor; second: Tensor} {
  const [kernel1, bias1, kernel2, bias2] = weights();
  const first = tf.add(tf.matMul(input as Tensor2D, kernel1), bias1);
  return {
    first,
    second: tf.add(tf.matMul(tf.softplus<Tensor2D>(first as Tensor2D), kernel2), bias2),
  };
}

/** In functions and tidies of the user's own, as code grows them. */
function captured(input: Tensor): {first: Tensor; second: Tensor} {
  return tf.tidy(() => {
    const pres = (): {first: Tensor; second: Tensor} => {
      const capture = tf.tidy(() =>
        withCapture(() => tf.tidy(() => apply(input))).records.map((r) => r.pre!),
      );
      return {first: capture[0]!, second: capture[1]!};
    };
    return pres();
  });
}

/** Two captures in one loss. */
const distance =
  (run: typeof byHand) =>
  (a: Tensor, b: Tensor): Scalar => {
    const [of, other] = [run(a), run(b)];
    return tf.add(lossOf(tf.sub(of.first, other.first)), lossOf(tf.mul(of.second, other.second)));
  };

describe('a LayersModel', () => {
  test('grads and valueAndGrads', () => {
    tf.tidy(() => {
      const expected = tf.valueAndGrads(distance(byHand))([x, y]);
      const fn = distance(captured);
      const got = tf.valueAndGrads(fn)([x, y]);
      expectSameBits('value', got.value, expected.value);
      got.grads.forEach((gradient, i) => expectSameBits(`${i}`, gradient, expected.grads[i]!));
      tf.grads(fn)([x, y]).forEach((gradient, i) => {
        expectSameBits(`grads ${i}`, gradient, expected.grads[i]!);
      });
    });
  });

  test('valueAndGrad, variableGrads, minimize', () => {
    tf.tidy(() => {
      const [mine, theirs] = [captured, byHand].map(
        (run) => (input: Tensor) => distance(run)(input, y),
      ) as [(input: Tensor) => Scalar, (input: Tensor) => Scalar];
      const [got, expected] = [tf.valueAndGrad(mine)(x), tf.valueAndGrad(theirs)(x)];
      expectSameBits('value', got.value, expected.value);
      expectSameBits('grad', got.grad, expected.grad);
      const variables = net.weights.map((weight) => weight.read()) as unknown as tf.Variable[];
      const [ours, plain] = [mine, theirs].map((fn) => tf.variableGrads(() => fn(x), variables));
      for (const [name, gradient] of Object.entries(plain!.grads)) {
        expectSameBits(name, ours!.grads[name]!, gradient);
      }
      const start = net.getWeights().map((weight) => tf.clone(weight));
      const trained = [mine, theirs].map((fn) => {
        net.setWeights(start);
        tf.train.sgd(0.01).minimize(() => fn(x), false, variables);
        return net.getWeights().map((weight) => tf.clone(weight));
      });
      trained[0]!.forEach((weight, i) => expectSameBits('weight', weight, trained[1]![i]!));
      net.setWeights(start);
    });
  });
});

test('a GraphModel: several captures in one loss', async () => {
  const name = 'vgg19/block4_conv3/Relu';
  const graph: GraphModel = await buildGraphModel(vggLikeGraph());
  const split = await modelOf(
    splitFusedNodes(graphArtifacts(vggLikeGraph()), ['vgg19/block1_conv1/Relu', name], 'apart'),
  );
  tf.tidy(() => {
    const [a, b] = [seeded([2, 4, 4, 2], 1, 1), seeded([2, 4, 4, 2], 2, 1)];
    const loss = (run: (input: Tensor) => Tensor) => (p: Tensor, q: Tensor) =>
      lossOf(tf.sub(run(p), run(q)));
    const byNode = loss((input) => split.execute(input, [preNameOf(name)]) as Tensor);
    const byCapture = loss((input) =>
      tf.tidy(() => withCapture(() => graph.execute(input, [name])).pre(name)),
    );
    const expected = tf.grads(byNode)([a, b]);
    tf.grads(byCapture)([a, b]).forEach((gradient, i) => {
      expectSameBits(`${i}`, gradient, expected[i]!);
    });
  });
  graph.dispose();
  split.dispose();
});

describe('of second order', () => {
  /** d score / d pre of the first layer, by hand: a function of that. */
  const gradientByHand = (pre: Tensor): Tensor => {
    const [, , kernel, bias] = weights();
    const activated = tf.softplus(pre) as Tensor2D;
    const slope = tf.sigmoid<Tensor2D>(tf.add(tf.matMul(activated, kernel), bias));
    return tf.mul(tf.matMul(slope, kernel, false, true), tf.sigmoid(pre));
  };
  const score = (input: Tensor): Scalar => tf.sum(apply(input));

  test('a gradient penalty, with respect to the input and to the weights', () => {
    tf.tidy(() => {
      const penalty = (input: Tensor): Scalar => {
        const capture = withGradients(() => score(input));
        return tf.add(lossOf(capture.gradient('first')), capture.value);
      };
      const penaltyByHand = (input: Tensor): Scalar =>
        tf.add(lossOf(gradientByHand(byHand(input).first)), score(input));
      expectClose('input', tf.grad(penalty)(x), tf.grad(penaltyByHand)(x));
      const variables = net.weights.map((weight) => weight.read()) as unknown as tf.Variable[];
      const [got, expected] = [penalty, penaltyByHand].map(
        (fn) => tf.variableGrads(() => fn(x), variables).grads,
      ) as [tf.NamedTensorMap, tf.NamedTensorMap];
      expect(Object.keys(got)).toHaveLength(4);
      for (const [name, gradient] of Object.entries(expected)) {
        expectClose(name, got[name]!, gradient, 1e-4);
      }
    });
  });

  test('withGradients within withGradients', () => {
    tf.tidy(() => {
      const outer = withGradients(() => lossOf(withGradients(() => score(x)).gradient('first')));
      const expected = tf.grad((pre: Tensor) => lossOf(gradientByHand(pre)))(outer.pre('first'));
      expectClose('first', outer.gradient('first'), expected);
    });
  });

  test('the value and what was captured are differentiable too', () => {
    tf.tidy(() => {
      const plain = tf.grad((input: Tensor) => tf.add(score(input), lossOf(byHand(input).second)))(
        x,
      );
      const through = tf.grad((input: Tensor) => {
        const capture = withGradients(() => score(input));
        return tf.add(capture.value, lossOf(capture.pre('second')));
      })(x);
      expectClose('input', through, plain);
    });
  });
});
