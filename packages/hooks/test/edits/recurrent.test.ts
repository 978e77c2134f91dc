// Recurrent cells, gate by gate and step by step, against the same steps written out with the edit in them.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withCapture} from '@tfjs-capture/hooks';
import type {EditPoint} from '@tfjs-capture/hooks';
import {ACTIVATION_NAMES, named} from '../fidelity/activation-functions.js';
import {download, expectSameBits} from '../fidelity/float-bits.js';
import {CELL_KINDS, GRU, LSTM, unroll} from '../fidelity/recurrent-cells.js';
import type {GateEdit} from '../fidelity/recurrent-cells.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {bend, expectFiniteDifferences, expectSame} from './edits-by-hand.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

type Layer = layers.Layer;
const TIME = 3;

const modelOf = (layer: Layer, x: Tensor) => {
  const model = sequential({
    layers: [layers.inputLayer({inputShape: x.shape.slice(1)}), layer],
  });
  setSeededWeights(layer);
  return model;
};

/** Every activation of the cell. */
const IN_CELL = '**';
const gateEdit =
  (slot: number, kind: 'pre' | 'post'): GateEdit =>
  (at, of, value) =>
    at === slot && of === kind ? bend(40 + slot)(value) : value;

describe.each(CELL_KINDS)('$name', (kind) => {
  const x = seeded([2, TIME, ...kind.inputShape], 11, 1);
  const slots = kind === GRU ? [0, 1, 2] : kind.name === 'SimpleRNN' ? [0] : [0, 1, 2, 3, 4];

  describe.each(slots)('slot %d', (slot) => {
    test.each(['pre', 'post'] as const)('%s', (of) => {
      const layer = kind.layer({activation: named('tanh'), recurrentActivation: named('sigmoid')});
      const model = modelOf(layer, x);
      const run = (input: Tensor): Tensor =>
        withCapture(() => model.predict(input) as Tensor, {
          record: [],
          edit: {
            [IN_CELL]: {
              [of]: (value: Tensor, at: EditPoint) =>
                at.slot === slot ? bend(40 + slot)(value) : undefined,
            },
          },
        }).result;
      const byHand = (input: Tensor): Tensor =>
        unroll(kind, input, layer.getWeights(), 'tanh', 'sigmoid', {edit: gateEdit(slot, of)}).at(
          -1,
        )!.states[0]!;
      for (const route of ROUTES) {
        onRoute(route, () => expectSameBits(route, run(x), byHand(x)));
      }
      tf.tidy(() => {
        const loss = (y: Tensor) => tf.sum(tf.mul(y, seeded(y.shape, 9, 1)));
        expectSame(
          'gradient',
          tf.grad((input) => loss(run(input)))(x),
          tf.grad((input) => loss(byHand(input)))(x),
        );
      });
      expectFiniteDifferences(run, x);
    });
  });

  test.each(ACTIVATION_NAMES)('%s in every slot, both kinds', (activation) => {
    const layer = kind.layer({
      activation: named(activation),
      recurrentActivation: named(activation),
    });
    const model = modelOf(layer, x);
    const both: GateEdit = (slot, of, value) => bend(50 + slot + (of === 'pre' ? 0 : 7))(value);
    for (const route of ROUTES) {
      onRoute(route, () => {
        const capture = withCapture(() => model.predict(x) as Tensor, {
          record: ['pre', 'post'],
          edit: {
            [IN_CELL]: {
              pre: (value, {slot}) => both(slot, 'pre', value),
              post: (value, {slot}) => both(slot, 'post', value),
            },
          },
        });
        const steps = unroll(kind, x, layer.getWeights(), activation, activation, {edit: both});
        const gates = steps.flatMap((step) => step.gates);
        expect(capture.records.length).toBe(gates.length);
        capture.records.forEach(({pre, post}, i) => {
          expectSameBits(`pre ${i}`, pre!, gates[i]!.pre);
          expectSameBits(`post ${i}`, post!, gates[i]!.post);
        });
        expectSameBits('result', capture.result, steps.at(-1)!.states[0]!);
      });
    }
  });
});

test('an output of a cell goes to its next layer, its states stay as they were', () => {
  tf.tidy(() => {
    const x = seeded([2, TIME, ...LSTM.inputShape], 3, 1);
    const layer = LSTM.layer({
      activation: 'tanh',
      recurrentActivation: 'sigmoid',
      returnSequences: true,
    });
    const model = modelOf(layer, x);
    const calls: number[] = [];
    const {result} = withCapture(() => model.predict(x) as Tensor, {
      edit: {
        '**/*cell*': {
          output(value, at) {
            calls.push(at.call);
            return tf.mul(value, 2);
          },
        },
      },
    });
    const steps = unroll(LSTM, x, layer.getWeights(), 'tanh', 'sigmoid');
    expect(calls).toEqual([0, 1, 2]);
    expectSameBits(
      'result',
      result,
      tf.mul(
        tf.stack(
          steps.map(({states}) => states[0]!),
          1,
        ),
        2,
      ),
    );
  });
});

test('TimeDistributed and Bidirectional', () => {
  tf.tidy(() => {
    const x = seeded([2, TIME, 4], 5, 1);
    const inner = layers.dense({name: 'inner', units: 3, activation: 'relu'});
    const steps = modelOf(layers.timeDistributed({name: 'steps', layer: inner}), x);
    const met: string[] = [];
    const run = () =>
      withCapture(() => steps.predict(x) as Tensor, {
        edit: {
          'steps/inner': {
            pre(value, {call, pass, kind}) {
              met.push(`${pass} ${call} ${kind} ${value.shape}`);
              return call === 1 ? bend(3)(value) : undefined;
            },
          },
        },
      }).result;
    const [kernel, bias] = inner.getWeights();
    const expected = tf.unstack(x, 1).map((step, i) => {
      const pre = tf.fused.matMul({a: step, b: kernel!, bias: bias!});
      return tf.relu(i === 1 ? bend(3)(pre) : pre);
    });
    expectSameBits('TimeDistributed', run(), tf.stack(expected, 1));
    expect(met).toEqual([0, 1, 2].map((call) => `0 ${call} pre 2,3`));

    const recurrent = GRU.layer({
      name: 'gru',
      activation: 'tanh',
      recurrentActivation: 'sigmoid',
      returnSequences: true,
    });
    const both = modelOf(layers.bidirectional({layer: recurrent as never, mergeMode: 'concat'}), x);
    const weights = both.layers.at(-1)!.getWeights();
    const half = weights.length / 2;
    const forward = unroll(GRU, x, weights.slice(0, half), 'tanh', 'sigmoid');
    const backward = unroll(GRU, x, weights.slice(half), 'tanh', 'sigmoid', {
      goBackwards: true,
      edit: gateEdit(2, 'post'),
    });
    const {result} = withCapture(() => both.predict(x) as Tensor, {
      edit: [
        {
          layers: /backward_/,
          post: (value, {slot}) => (slot === 2 ? bend(42)(value) : undefined),
        },
      ],
    });
    const sequenceOf = (of: typeof forward) =>
      tf.stack(
        of.map(({states}) => states[0]!),
        1,
      );
    expectSameBits(
      'Bidirectional',
      download(result),
      tf.concat([sequenceOf(forward), tf.reverse(sequenceOf(backward), 1)], -1),
    );
  });
});
