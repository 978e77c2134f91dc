// Gradients at the nodes of GraphModels, and in code outside every model.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';

import {nameScope, registerGradientKernels, withCapture, withGradients} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {
  geluNewWriter,
  geluWriter,
  hardSwishWriter,
  patternGraph,
  writeSwish,
} from '../graph-models/composed-patterns.js';
import type {PatternWriter} from '../graph-models/composed-patterns.js';
import {
  FUSED_ACTIVATIONS,
  FUSED_KINDS,
  fusedGraph,
  inputFor,
  isUnsupported,
  LEAKY_ALPHA,
  losesAlpha,
} from '../graph-models/fused-node-kinds.js';
import type {FusedActivation, FusedKind} from '../graph-models/fused-node-kinds.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {GRAPH_MODELS, loadFromDisk, seededInput} from '../graph-models/load-graph-models.js';
import {vggLikeGraph} from '../graph-models/vgg-like-graph.js';
import {addAt, checkEveryGradient} from './check-every-gradient.js';
import {expectByDifferences, expectClose, KINKS, lossOf} from './compare-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

/** WASM's `_FusedMatMul` computes something else where an operand is transposed: see docs/tensorflow-js.md. */
const isWrongWithoutTape = ({title}: FusedKind): boolean =>
  globalThis.TFJS_BACKEND === 'wasm' && title.includes('transposed');

const activate = (activation: FusedActivation, x: Tensor, alpha: Tensor | undefined): Tensor =>
  ({
    Relu: () => tf.relu(x),
    Relu6: () => tf.relu6(x),
    Elu: () => tf.elu(x),
    Sigmoid: () => tf.sigmoid(x),
    Prelu: () => tf.prelu(x, alpha!),
    LeakyRelu: () => tf.leakyRelu(x, LEAKY_ALPHA),
  })[activation]();

describe.each(FUSED_KINDS)('fused nodes: $title', (kind) => {
  const activations = FUSED_ACTIVATIONS.filter(
    (activation) => !isUnsupported(kind, activation, true) && !losesAlpha(kind, activation),
  );

  test.each(activations)('%s', async (activation) => {
    const graph: GraphModel = await buildGraphModel(fusedGraph(kind, activation, true));
    tf.tidy(() => {
      const x = inputFor(kind);
      const value = (): Scalar => lossOf(graph.execute(x, 'twice') as Tensor);
      const capture = withGradients(value);
      const gradient = capture.gradient('scope/act');
      const pre = capture.pre('scope/act');
      expect(gradient.shape).toEqual(kind.outputShape);
      const byHand = tf.grad((given: Tensor) => {
        const act = activate(activation, given, graph.weights['scope/alpha']?.[0]);
        return lossOf(tf.add(act, act));
      })(pre);
      expectSameBits('gradient', gradient, byHand);
      if (isWrongWithoutTape(kind)) return;
      const [point] = capture.records;
      expectByDifferences(
        'gradient',
        gradient,
        pre,
        (bump) => withCapture(value, {record: [], edit: addAt(point!, bump)}).result,
        {kinks: [0, 6]},
      );
    });
    graph.dispose();
  });
});

test.each<[string, PatternWriter]>([
  ['swish', writeSwish],
  ['gelu', geluWriter()],
  ['gelu_new', geluNewWriter()],
  ['hardSwish', hardSwishWriter()],
])('%s, composed of nodes', async (activation, write) => {
  const {spec} = patternGraph(write, () => 0);
  const graph = await buildGraphModel(spec);
  const [name] = Object.keys(spec.inputs) as [string];
  tf.tidy(() => {
    const shape = spec.inputs[name]!.map((size) => (size < 0 ? 3 : size));
    const x = seeded(shape, 4);
    const run = (input: Tensor) =>
      lossOf(graph.execute({[name]: input}, spec.outputs[0]) as Tensor);
    const capture = withGradients(() => run(x));
    expect(capture.records.map((record) => record.activation)).toContain(activation);
    expect(checkEveryGradient(() => run(x), {byDifferences: activation in KINKS})).not.toEqual([]);
  });
  graph.dispose();
});

describe('a small VGG as a graph', () => {
  let graph: GraphModel;
  beforeAll(async () => {
    graph = await buildGraphModel(vggLikeGraph());
  });
  afterAll(() => graph.dispose());

  test('every hook point, of pre, post and output', () => {
    tf.tidy(() => {
      const x = seeded([2, 4, 4, 2], 6, 1);
      const value = () => lossOf(graph.predict(x) as Tensor);
      expect(checkEveryGradient(value)).toHaveLength(6);
      const capture = withGradients(value, {record: ['pre', 'post', 'output']});
      const [post, output] = (['post', 'output'] as const).map((of) =>
        capture.gradient('vgg19/block1_conv1/Relu', {of}),
      ) as [Tensor, Tensor];
      expectSameBits('output', output, post);
      expectSameBits(
        'its name in TensorFlow',
        capture.gradient('block4_conv3/BiasAdd:0'),
        capture.gradient('vgg19/block4_conv3/Relu'),
      );
      // A node that is no activation has an output alone.
      const mean = capture.gradient('vgg19/pool/Mean', {of: 'output'});
      expect(mean.shape).toEqual([2, 3]);
    });
  });
});

test('raw operations, named and not', () => {
  tf.tidy(() => {
    const [x, w] = [seeded([3, 4], 1, 1), seeded([4, 2], 2, 1)];
    const run = (): Scalar => {
      const hidden = nameScope('hidden', () => tf.tanh(tf.matMul(x, w)));
      return lossOf(nameScope('top', () => tf.sigmoid(tf.mul(hidden, 3))));
    };
    expect(checkEveryGradient(run)).toHaveLength(2);
    const capture = withGradients(() => lossOf(tf.relu(tf.matMul(x, w))));
    const expected = tf.grad((pre: Tensor) => lossOf(tf.relu(pre)))(capture.pre(''));
    expectSameBits('unnamed', capture.gradient(''), expected);
  });
});

test('a real one: the liveness network’s', async () => {
  const source = GRAPH_MODELS.find(({name}) => name === 'liveness')!;
  const {model} = await loadFromDisk(source);
  tf.tidy(() => {
    const x = seededInput(model, source);
    const value = (): Scalar => tf.mean(tf.square(model.predict(x) as Tensor));
    const capture = withGradients(value);
    expect(capture.records.length).toBeGreaterThan(3);
    for (const point of capture.records) {
      const bumped = (bump: Tensor) =>
        withCapture(value, {record: [], edit: addAt(point, bump)}).result;
      const expected = tf.grad(bumped)(tf.zeros(point.pre!.shape));
      expectClose(point.name, capture.gradient(point.name), expected);
    }
  });
  model.dispose();
});
