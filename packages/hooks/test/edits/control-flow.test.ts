// Edits in loops and branches of graphs: `call` is the iteration, in functions and in TensorFlow 1's frames.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';
import type {EditPoint, RecordKind} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {
  BIAS,
  branchGraph,
  frameLoopGraph,
  KERNEL,
  loopGraph,
} from '../graph-models/control-flow-graphs.js';
import {buildGraphModel, tensorOf} from '../graph-models/graph-fixture.js';
import {bend, KINDS} from './edits-by-hand.js';

const STEPS = 3;
const x = seeded([2, 3], 3, 1);
const layer = (value: Tensor) =>
  tf.fused.matMul({a: value, b: tensorOf(KERNEL), bias: tensorOf(BIAS)});

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** The loop with the edit of one iteration written out. */
function unrolled(start: Tensor, kind: RecordKind, call: number): Tensor {
  let value = start;
  for (let step = 0; step < STEPS; step++) {
    const edit = (at: RecordKind, of: Tensor) => (at === kind && step === call ? bend(1)(of) : of);
    value = edit('output', edit('post', tf.relu(edit('pre', layer(value)))));
  }
  return tf.sigmoid(value);
}

const LOOPS = [
  ['While', loopGraph('While', STEPS), 'body/layer/Relu', (of: Tensor) => tf.elu(of)],
  [
    'StatelessWhile',
    loopGraph('StatelessWhile', STEPS),
    'body/layer/Relu',
    (of: Tensor) => tf.elu(of),
  ],
  ['frames', frameLoopGraph(STEPS), 'loop/layer/Relu', (of: Tensor) => of],
] as const;

describe.each(LOOPS)('%s', (_, spec, name, before) => {
  let graph: GraphModel;
  beforeAll(async () => void (graph = await buildGraphModel(spec)));
  afterAll(() => graph.dispose());

  test.each(KINDS)('%s', async (kind) => {
    for (let call = 0; call < STEPS; call++) {
      const met: string[] = [];
      const edit = (value: Tensor, at: EditPoint) => {
        met.push(`${at.name} ${at.pass} ${at.call} ${at.kind} ${value.shape}`);
        return at.call === call ? bend(1)(value) : undefined;
      };
      const capture = await withCapture(() => graph.executeAsync(x) as Promise<Tensor>, {
        edit: {[name]: {[kind]: edit}},
        record: ['pre', 'post', 'output'],
      });
      expect(met).toEqual([0, 1, 2].map((step) => `${name} 0 ${step} ${kind} 2,3`));
      tf.tidy(() => expectSameBits(`${call}`, capture.result, unrolled(before(x), kind, call)));
      expect(capture.find(name).length).toBe(STEPS);
      capture.dispose();
      capture.result.dispose();
    }
  });
});

test.each(['If', 'StatelessIf'] as const)(
  '%s, with a composed activation in a branch',
  async (op) => {
    const graph = await buildGraphModel(branchGraph(op));
    const swish = (value: Tensor) => tf.mul(value, tf.sigmoid(value));
    for (const [flag, name, run] of [
      [1, 'then_branch/layer/Relu', (pre: Tensor) => tf.relu(pre)],
      [-1, 'else_branch/gate', swish],
    ] as const) {
      for (const kind of KINDS) {
        const fed = {x, flag: tf.scalar(flag)};
        const capture = await withCapture(() => graph.executeAsync(fed) as Promise<Tensor>, {
          edit: {[name]: {[kind]: bend(2)}},
          record: ['pre', 'post'],
        });
        tf.tidy(() => {
          const pre = flag > 0 ? layer(x) : x;
          const branch = kind === 'pre' ? run(bend(2)(pre)) : bend(2)(run(pre));
          expectSameBits(`${name} ${kind}`, capture.result, tf.sigmoid(branch));
        });
        capture.dispose();
        tf.dispose([capture.result, fed.flag]);
      }
    }
    graph.dispose();
  },
);
