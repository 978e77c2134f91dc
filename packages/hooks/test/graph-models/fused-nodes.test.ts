// Every op that tfjs-converter fuses × every activation × with and without bias × tape off and on × what values.
import type {Tensor} from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';
import {download, expectSameBits} from '../fidelity/float-bits.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import {witnessActivations} from './activation-witness.js';
import {
  FUSED_ACTIVATIONS,
  FUSED_KINDS,
  fusedGraph,
  inputFor,
  isUnsupported,
  losesAlpha,
} from './fused-node-kinds.js';
import {graphArtifacts} from './graph-fixture.js';
import {modelOf} from './load-graph-models.js';
import {preNameOf} from './rewrite-fused-node.js';
import {useSplitModels} from './split-models.js';

const NAME = 'scope/act';
const BIASES = [
  ['with bias', true],
  ['without bias', false],
] as const;
const VALUES = [
  ['finite', false],
  ['not finite', true],
] as const;

describe.each(FUSED_KINDS)('$title', (kind) => {
  describe.each(BIASES)('%s', (_, hasBias) => {
    const activations = FUSED_ACTIVATIONS.filter((one) => !isUnsupported(kind, one, hasBias));

    describe.each(activations)('%s', (activation) => {
      const artifacts = graphArtifacts(fusedGraph(kind, activation, hasBias));
      const [witnessed] = witnessActivations(artifacts, ['twice']);
      const models = useSplitModels(artifacts, NAME);

      describe.each(ROUTES)('%s', (route) => {
        test.each(VALUES)('%s', (__, broken) => {
          const expected = onRoute(route, () => {
            const x = inputFor(kind, broken);
            return {
              result: download(models.fused.execute(x) as Tensor),
              post: download(models.fused.execute(x, [NAME]) as Tensor),
              pre: download(models.split[route].execute(x, [preNameOf(NAME)]) as Tensor),
            };
          });
          const got = onRoute(route, () => {
            const x = inputFor(kind, broken);
            const capture = withCapture(() => models.fused.execute(x) as Tensor, {
              record: ['pre', 'post'],
            });
            const {pre, post} = capture.get(NAME);
            return {
              points: capture.records.map(({name, path, activation: of, pass, call, slot}) => {
                return {name, path, of, pass, call, slot};
              }),
              kernel: capture.get(NAME).kernel,
              result: download(capture.result),
              pre: download(pre!),
              post: download(post!),
              activated: download(witnessed!.activate(pre!, models.fused)),
            };
          });
          expect(got.points).toEqual([
            {
              name: NAME,
              path: ['scope', 'act'],
              of: witnessed!.activation,
              pass: 0,
              call: 0,
              slot: 0,
            },
          ]);
          // With a tape on tfjs runs the activation by itself.
          expect(got.kernel).toBe(route === 'fused' ? witnessed!.kernel : activation);
          expect(got.pre.shape).toEqual(kind.outputShape);
          expectSameBits('result', got.result, expected.result);
          expectSameBits('post', got.post, expected.post);
          expectSameBits('pre', got.pre, expected.pre);
          // The fused kernels of WASM do not give NaN where the activations alone do.
          if (!broken && !losesAlpha(kind, activation)) {
            expectSameBits('activation(pre)', got.activated, got.post);
          }
        });
      });
    });
  });

  test('linear has no hook point', async () => {
    const spec = fusedGraph(kind, 'Relu', true);
    const nodes = spec.nodes.map((node) =>
      node.name === NAME ? {...node, attrs: {...node.attrs, fused_ops: ['BiasAdd']}} : node,
    );
    const model = await modelOf(graphArtifacts({...spec, nodes}));
    const x = inputFor(kind);
    expect(withCapture(() => model.execute(x)).records).toEqual([]);
    model.dispose();
  });
});
