// Random graphs of activations fused, alone and composed: what is recorded is what the graph says.
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';
import {expectSameBits, listOf} from '../fidelity/float-bits.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import {seeded} from '../fidelity/seeded-values.js';
import {witnessActivations} from './activation-witness.js';
import type {ComposedPattern} from './activation-witness.js';
import {fusedActivationOf} from './graph-artifacts.js';
import {graphArtifacts, seededWeight} from './graph-fixture.js';
import type {NodeSpec, WeightSpec} from './graph-fixture.js';
import {modelOf} from './load-graph-models.js';
import {preNameOf, splitFusedNodes} from './rewrite-fused-node.js';

const WIDTH = 4;
const ALONE = [
  'Relu',
  'Relu6',
  'Elu',
  'Selu',
  'Sigmoid',
  'Tanh',
  'Softplus',
  'Softmax',
  'LeakyRelu',
  'Prelu',
];
const FUSED = ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Prelu', 'LeakyRelu'];
const LINEAR = ['AddV2', 'Neg', 'Identity'];

/** One step of building a graph: what it adds, of which earlier values. */
interface Step {
  readonly kind: 'alone' | 'fused' | 'linear' | 'swish';
  readonly op: number;
  readonly from: number;
  readonly second: number;
  readonly scope: 'a' | 'b/c' | '';
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('alone', 'alone', 'fused', 'fused', 'linear', 'swish'),
  op: fc.nat(59),
  from: fc.nat(20),
  second: fc.nat(20),
  scope: fc.constantFrom('a', 'b/c', ''),
});

interface Built {
  readonly nodes: readonly NodeSpec[];
  readonly weights: Record<string, WeightSpec>;
  readonly composed: readonly ComposedPattern[];
  /** The values that steps gave, the graph's input first. */
  readonly values: readonly string[];
}

function build(steps: readonly Step[]): Built {
  const nodes: NodeSpec[] = [];
  const weights: Record<string, WeightSpec> = {};
  const composed: ComposedPattern[] = [];
  const values = ['x'];
  steps.forEach(({kind, op, from, second, scope}, i) => {
    // Of the last few, so that graphs are deep.
    const input = values[values.length - 1 - (from % Math.min(3, values.length))]!;
    const prefix = scope === '' ? '' : `${scope}/`;
    const weight = (name: string, shape: readonly number[], scale = 1): string => {
      weights[`${name}_${i}`] = seededWeight(shape, 50 + i, scale);
      return `${name}_${i}`;
    };
    if (kind === 'swish') {
      const last = `${prefix}swish_${i}`;
      const gate = `${last}/gate`;
      nodes.push(
        {name: gate, op: 'Sigmoid', inputs: [input]},
        {name: last, op: 'Mul', inputs: op % 2 === 0 ? [input, gate] : [gate, input]},
      );
      const activate = (x: Tensor): Tensor => tf.mul(x, tf.sigmoid(x));
      composed.push({last, activation: 'swish', preNode: input, inner: [gate], activate});
      values.push(last);
      return;
    }
    const ops = {alone: ALONE, fused: FUSED, linear: LINEAR}[kind];
    const name = ops[op % ops.length]!;
    const node = `${prefix}${name}_${i}`;
    if (kind === 'alone') {
      const inputs = name === 'Prelu' ? [input, weight('alpha', [WIDTH])] : [input];
      nodes.push({name: node, op: name, inputs, attrs: name === 'LeakyRelu' ? {alpha: 0.25} : {}});
    } else if (kind === 'linear') {
      const other = values[second % values.length]!;
      nodes.push({name: node, op: name, inputs: name === 'AddV2' ? [input, other] : [input]});
    } else {
      const inputs = [input, weight('kernel', [WIDTH, WIDTH]), weight('bias', [WIDTH])];
      if (name === 'Prelu') inputs.push(weight('alpha', [WIDTH]));
      const attrs = {num_args: inputs.length - 2, fused_ops: ['BiasAdd', name]};
      nodes.push({name: node, op: '_FusedMatMul', inputs, attrs});
    }
    values.push(node);
  });
  return {nodes, weights, composed, values};
}

test('names, results, pre and post of random graphs', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  let points = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, {minLength: 3, maxLength: 14}),
      fc.uniqueArray(fc.nat(13), {maxLength: 2}),
      fc.boolean(),
      async (steps, picked, broken) => {
        const {nodes, weights, composed, values} = build(steps);
        const computed = values.slice(1);
        const outputs = [...new Set([-1, ...picked].map((i) => computed.at(i % computed.length)!))];
        const artifacts = graphArtifacts({inputs: {x: [-1, WIDTH]}, nodes, weights, outputs});
        const witnessed = witnessActivations(artifacts, outputs, composed);
        points += witnessed.length;
        const fused = artifacts.modelTopology.node
          .filter((node) => fusedActivationOf(node) !== null)
          .map(({name}) => name);
        const model = await modelOf(artifacts);
        const split = {
          fused: await modelOf(splitFusedNodes(artifacts, fused)),
          taped: await modelOf(splitFusedNodes(artifacts, fused, 'apart')),
        };
        const start = seeded([3, WIDTH], 3);
        const inputValues = start.dataSync().slice();
        start.dispose();
        if (broken) inputValues.set([NaN, Infinity, -Infinity], 2);
        for (const route of ROUTES) {
          onRoute(route, () => {
            const x = tf.tensor(inputValues, [3, WIDTH]);
            const plain = listOf(model.execute(x, outputs));
            const capture = withCapture(() => listOf(model.execute(x, outputs)), {
              record: ['pre', 'post'],
            });
            plain.forEach((one, i) => expectSameBits(`${i}`, capture.result[i]!, one));
            const found = capture.records.map(({name, activation, call}) => [
              name,
              activation,
              call,
            ]);
            const expected = witnessed.map(({name, activation}) => [name, activation, 0]);
            expect(found.sort()).toEqual(expected.sort());
            for (const {name, preNode, activate} of witnessed) {
              const {pre, post} = capture.get(name);
              // Where a value is not finite WASM’s fused kernels go ways of their own: the split graph’s values differ further on.
              if (!broken) {
                const reference = split[route].execute(x, [preNode ?? preNameOf(name)]);
                expectSameBits(`pre of ${name}`, pre!, reference as Tensor);
                expectSameBits(`activation of ${name}`, activate(pre!, model), post!);
              }
              expectSameBits(`post of ${name}`, post!, model.execute(x, [name]) as Tensor);
            }
          });
        }
        const x = tf.tensor(inputValues, [3, WIDTH]);
        const plain = listOf(model.execute(x, outputs));
        const before = tf.memory().numTensors;
        const capture = await withCapture(() => model.executeAsync(x, outputs));
        const results = listOf(capture.result);
        results.forEach((one, i) => expectSameBits(`async ${i}`, one, plain[i]!));
        expect(capture.names().sort()).toEqual(witnessed.map(({name}) => name).sort());
        tf.dispose(results);
        capture.dispose();
        expect(tf.memory().numTensors).toBe(before);
        tf.dispose(plain);
        for (const one of [model, split.fused, split.taped]) one.dispose();
        x.dispose();
      },
    ),
    {numRuns: 120, seed: 11},
  );
  // Of graphs with five hook points on average.
  expect(points).toBeGreaterThan(400);
  warn.mockRestore();
});
