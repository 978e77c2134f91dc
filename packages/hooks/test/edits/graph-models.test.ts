// GraphModels: fused nodes, composed activations, loops and branches, against graphs split and edited by hand.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {registerGradientKernels, withCapture} from '@tfjs-capture/hooks';
import {download, expectSameBits} from '../fidelity/float-bits.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import type {Route} from '../fidelity/routes.js';
import {seeded} from '../fidelity/seeded-values.js';
import {
  geluNewWriter,
  geluWriter,
  hardSwishWriter,
  patternGraph,
  repeat,
  writeSwish,
} from '../graph-models/composed-patterns.js';
import {
  FUSED_ACTIVATIONS,
  FUSED_KINDS,
  fusedGraph,
  inputFor,
  isUnsupported,
  losesAlpha,
} from '../graph-models/fused-node-kinds.js';
import type {FusedKind} from '../graph-models/fused-node-kinds.js';
import {buildGraphModel, graphArtifacts} from '../graph-models/graph-fixture.js';
import {preNameOf} from '../graph-models/rewrite-fused-node.js';
import {useSplitModels} from '../graph-models/split-models.js';
import {
  bendAt,
  bentAt,
  expectClose,
  expectFiniteDifferences,
  expectSame,
  KINDS,
} from './edits-by-hand.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

const NAME = 'scope/act';
const CASES = [...KINDS.map((kind) => [kind]), KINDS];
const lossOf = (y: Tensor): tf.Scalar => tf.sum(tf.mul(y, seeded(y.shape, 9, 1)));

/** WASM's fused product of something transposed is not what its BatchMatMul gives; without us just so. */
const isWrong = ({title}: FusedKind): boolean =>
  globalThis.TFJS_BACKEND === 'wasm' && /transposed/.test(title);

beforeEach(() => {
  // That executeAsync runs a graph without control flow.
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe.each(FUSED_KINDS)('$title', (kind) => {
  const activations = FUSED_ACTIVATIONS.filter(
    (one) => !isUnsupported(kind, one, true) && !losesAlpha(kind, one),
  );

  describe.each(activations)('%s', (activation) => {
    const artifacts = graphArtifacts(fusedGraph(kind, activation, true));
    const models = useSplitModels(artifacts, NAME);

    /** The split graph, run up to each place where something is edited, and on from there. */
    function byHand(kinds: typeof KINDS, x: Tensor, route: Route) {
      const run = (fed: Record<string, Tensor>, name: string) =>
        models.split[route].execute(fed, [name]) as Tensor;
      const pre = bentAt(kinds, 'pre', run({x}, preNameOf(NAME)));
      // The batch is fed as well: a graph wants all its placeholders.
      const post = bentAt(kinds, 'post', run({x, [preNameOf(NAME)]: pre}, NAME));
      const output = bentAt(kinds, 'output', post);
      return {pre, post, output, result: run({x, [NAME]: output}, 'twice')};
    }

    test.each(CASES.map((kinds) => [kinds.join(), kinds] as const))('%s', (_, kinds) => {
      const results = ROUTES.map((route) =>
        onRoute(route, () => {
          const x = inputFor(kind);
          const capture = withCapture(() => models.fused.execute(x) as Tensor, {
            layers: NAME,
            record: [...KINDS],
            edit: {[NAME]: bendAt(kinds)},
          });
          const expected = byHand(kinds, x, route);
          const {pre, post, output} = capture.get(NAME);
          expectSameBits(`${route} pre`, pre!, expected.pre);
          expectSameBits(`${route} post`, post!, expected.post);
          expectSameBits(`${route} output`, output!, expected.output);
          expectSameBits(`${route} result`, capture.result, expected.result);
          return download(capture.result);
        }),
      );
      if (!isWrong(kind)) expectClose('both routes', results[0]!, results[1]!);
    });

    if (!/dilated/.test(kind.title)) {
      test('gradients', () => {
        tf.tidy(() => {
          const x = tf.mul(inputFor(kind), 0.3);
          for (const kinds of CASES) {
            const run = (input: Tensor) =>
              withCapture(() => models.fused.execute(input) as Tensor, {
                record: [],
                edit: {[NAME]: bendAt(kinds)},
              }).result;
            expectSame(
              kinds.join(),
              tf.grad((input) => lossOf(run(input)))(x),
              tf.grad((input) => lossOf(byHand(kinds, input, 'taped').result))(x),
            );
            if (kinds === KINDS && !isWrong(kind)) expectFiniteDifferences(run, x);
          }
        });
      });
    }
  });
});

const WRITERS = {
  swish: writeSwish,
  gelu: geluWriter(),
  gelu_new: geluNewWriter(),
  hardSwish: hardSwishWriter(),
};

describe.each(Object.entries(WRITERS))('%s, composed', (activation, write) => {
  describe.each([
    ['as written first', repeat([])],
    ['otherwise', repeat([1, 1, 1, 1, 1, 1, 1, 1])],
  ])('%s', (_, choose) => {
    const {spec, last} = patternGraph(write, choose);
    let graph: GraphModel;
    beforeAll(async () => void (graph = await buildGraphModel(spec)));
    afterAll(() => graph.dispose());

    const byHand = (kinds: typeof KINDS, x: Tensor): Tensor => {
      const run = (fed: Record<string, Tensor>, name: string) =>
        graph.execute(fed, [name]) as Tensor;
      const before = bentAt(kinds, 'pre', run({x}, 'before'));
      const post = bentAt(kinds, 'post', run({x, before}, last));
      return run({x, [last]: bentAt(kinds, 'output', post)}, 'after');
    };
    const options = (kinds: typeof KINDS) => ({
      layers: last,
      record: ['pre' as const],
      edit: {[last]: bendAt(kinds)},
    });

    test.each(CASES.map((kinds) => [kinds.join(), kinds] as const))('%s', async (__, kinds) => {
      const x = seeded([2, 5], 3, 1);
      for (const route of ROUTES) {
        onRoute(route, () => {
          const capture = withCapture(() => graph.execute(x) as Tensor, options(kinds));
          expect(capture.get(last).activation).toBe(activation);
          expectSameBits(route, capture.result, byHand(kinds, x));
          expectSameBits(
            `${route} pre`,
            capture.pre(last),
            bentAt(kinds, 'pre', graph.execute({x}, ['before']) as Tensor),
          );
        });
      }
      const run = (input: Tensor) =>
        withCapture(() => graph.execute(input) as Tensor, {...options(kinds), record: []}).result;
      tf.tidy(() => {
        expectSame(
          'gradient',
          tf.grad((input) => lossOf(run(input)))(x),
          tf.grad((input) => lossOf(byHand(kinds, input)))(x),
        );
      });
      expectFiniteDifferences(run, x);
      const numTensors = tf.memory().numTensors;
      const capture = await withCapture(
        () => graph.executeAsync(x) as Promise<Tensor>,
        options(kinds),
      );
      tf.tidy(() => expectSameBits('executeAsync', capture.result, byHand(kinds, x)));
      capture.dispose();
      capture.result.dispose();
      expect(tf.memory().numTensors).toBe(numTensors);
      x.dispose();
    });
  });
});
