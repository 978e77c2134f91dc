// RNN layers: every step of every cell, every activation in it, on both routes.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import type {ActivationRecord} from '@tfjs-capture/hooks';
import {withCapture} from '@tfjs-capture/hooks';
import {activate, ACTIVATION_NAMES, named} from './activation-functions.js';
import {download, expectSameBits} from './float-bits.js';
import {CELL_KINDS, GRU, LSTM, SIMPLE_RNN, unroll} from './recurrent-cells.js';
import type {CellKind, Step} from './recurrent-cells.js';
import {onRoute, ROUTES} from './routes.js';
import type {Route} from './routes.js';
import {seeded, setSeededWeights} from './seeded-values.js';

type Layer = layers.Layer;
type RNN = Layer & {cell: Layer};
const cellOf = (layer: Layer): Layer => (layer as RNN).cell;

const TIME = 3;

/** Fails unless the records are those of the steps: one call each, its gates as slots. */
function expectSteps(records: readonly ActivationRecord[], steps: readonly Step[]): void {
  const gates = steps.flatMap((step, call) => step.gates.map((gate, slot) => ({call, slot, gate})));
  expect(records.map(({activation, call, slot}) => ({activation, call, slot}))).toEqual(
    gates.map(({call, slot, gate: {activation}}) => ({activation, call, slot})),
  );
  records.forEach(({activation, pre, post}, i) => {
    const {call, slot, gate} = gates[i]!;
    const at = `step ${call} slot ${slot}`;
    expectSameBits(`${at} pre`, pre!, gate.pre);
    expectSameBits(`${at} post`, post!, gate.post);
    expectSameBits(`${at} activation(pre)`, activate(activation!, pre!), post!);
  });
}

/** Runs a layer plainly and captured, and compares what they return. */
function captureLayer(layer: Layer, x: Tensor): ReturnType<typeof withCapture<Tensor>> {
  const whole = sequential({layers: [layers.inputLayer({inputShape: x.shape.slice(1)}), layer]});
  setSeededWeights(layer);
  const plain = whole.predict(x) as Tensor;
  const capture = withCapture(() => whole.predict(x) as Tensor, {record: ['pre', 'post']});
  expectSameBits('result', capture.result, plain);
  return capture;
}

const recordsOf = (capture: {records: readonly ActivationRecord[]}, name: RegExp) =>
  capture.records.filter((record) => name.test(record.name));

describe.each(CELL_KINDS)('$name', (kind) => {
  const x = seeded([2, TIME, ...kind.inputShape], 11);

  function expectFaithful(
    route: Route,
    activation: string,
    recurrentActivation: string,
    options: {goBackwards?: boolean; returnSequences?: boolean} = {},
  ): void {
    onRoute(route, () => {
      const layer = kind.layer({
        activation: named(activation),
        recurrentActivation: named(recurrentActivation),
        ...options,
      });
      const {records, result} = captureLayer(layer, x);
      const weights = layer.getWeights();
      const steps = unroll(kind, x, weights, activation, recurrentActivation, options);
      expectSteps(records, steps);
      const outputs = steps.map(({states}) => states[0]!);
      expectSameBits(
        'the steps make the result',
        result,
        options.returnSequences ? tf.stack(outputs, 1) : outputs.at(-1)!,
      );
    });
  }

  describe.each(ROUTES)('%s', (route) => {
    test.each(ACTIVATION_NAMES)('%s', (activation) => {
      expectFaithful(route, activation, 'hardSigmoid');
    });

    if (kind !== SIMPLE_RNN) {
      test.each(ACTIVATION_NAMES)('%s as recurrent activation', (recurrentActivation) => {
        expectFaithful(route, 'tanh', recurrentActivation);
      });
    }

    test('linear activations have no slot', () => {
      expectFaithful(route, 'linear', 'sigmoid');
      expectFaithful(route, 'tanh', 'linear');
    });

    test('backwards, with sequences', () => {
      expectFaithful(route, 'tanh', 'sigmoid', {goBackwards: true, returnSequences: true});
    });
  });
});

test('batches of predict are passes, joined step by step', () => {
  tf.tidy(() => {
    const x = seeded([70, TIME, ...LSTM.inputShape], 13);
    const layer = LSTM.layer({activation: 'tanh', recurrentActivation: 'sigmoid'});
    const capture = captureLayer(layer, x);
    expect(capture.records.length).toBe(3 * TIME * 5);
    const weights = layer.getWeights();
    const passes = tf
      .split(x, [32, 32, 6])
      .map((rows) => unroll(LSTM, rows, weights, 'tanh', 'sigmoid'));
    for (let call = 0; call < TIME; call++) {
      for (let slot = 0; slot < 5; slot++) {
        const parts = passes.map((steps) => steps[call]!.gates[slot]!);
        expectSameBits(
          'joined pre',
          capture.pre(cellOf(layer), {call, slot}),
          tf.concat(parts.map(({pre}) => pre)),
        );
        expectSameBits(
          'post of the last pass',
          capture.post(cellOf(layer), {pass: 2, call, slot}),
          parts[2]!.post,
        );
      }
    }
  });
});

describe('cells that are stacked', () => {
  const kinds: readonly CellKind[] = [SIMPLE_RNN, LSTM, GRU];

  test.each(ROUTES)('%s', (route) => {
    onRoute(route, () => {
      const cells = kinds.map((kind, i) => kind.cell!({activation: 'swish', name: `c${i}`}));
      const layer = layers.rnn({cell: cells as never, returnSequences: true});
      const x = seeded([2, TIME, ...SIMPLE_RNN.inputShape], 17);
      const capture = captureLayer(layer, x);
      let sequence = x;
      kinds.forEach((kind, i) => {
        const cell = cells[i]!;
        const steps = unroll(kind, sequence, cell.getWeights(), 'swish', 'hardSigmoid');
        expectSteps(recordsOf(capture, new RegExp(`(^|/)c${i}$`)), steps);
        sequence = tf.stack(
          steps.map(({states}) => states[0]!),
          1,
        );
      });
      expectSameBits('the steps make the result', capture.result, sequence);
    });
  });
});

describe('Bidirectional', () => {
  test.each(ROUTES)('%s', (route) => {
    onRoute(route, () => {
      const inner = LSTM.layer({
        name: 'inner',
        activation: 'gelu',
        recurrentActivation: 'sigmoid',
        returnSequences: true,
      });
      const layer = layers.bidirectional({layer: inner as never, mergeMode: 'concat'});
      const x = seeded([2, TIME, ...LSTM.inputShape], 19);
      const capture = captureLayer(layer, x);
      const weights = layer.getWeights();
      const half = weights.length / 2;
      const forward = unroll(LSTM, x, weights.slice(0, half), 'gelu', 'sigmoid');
      const backward = unroll(LSTM, x, weights.slice(half), 'gelu', 'sigmoid', {goBackwards: true});
      expectSteps(recordsOf(capture, /forward_/), forward);
      expectSteps(recordsOf(capture, /backward_/), backward);
      expect(capture.records.length).toBe(2 * TIME * 5);
    });
  });
});

test('a state that is handed on, and a mask, are part of what is captured', () => {
  tf.tidy(() => {
    const layer = GRU.layer({activation: 'tanh', recurrentActivation: 'sigmoid'});
    const x = seeded([2, TIME, 4], 23);
    const initialState = [seeded([2, 3], 29, 1)];
    const run = () => layer.apply(x, {initialState}) as Tensor;
    run();
    setSeededWeights(layer);
    const plain = run();
    const capture = withCapture(run, {record: ['pre', 'post']});
    expectSameBits('result', capture.result, plain);
    const weights = layer.getWeights();
    const [x0] = tf.unstack(x, 1);
    const first = GRU.step(x0!, initialState, weights, 'tanh', 'sigmoid');
    expectSteps(capture.records.slice(0, 3), [first]);

    const masked = sequential({
      layers: [layers.masking({maskValue: 0, inputShape: [TIME, 4]}), layer],
    });
    const holed = tf.mul(x, tf.tensor3d([1, 0, 1, 1, 1, 0], [2, TIME, 1]));
    const expected = download(masked.predict(holed) as Tensor);
    const again = withCapture(() => masked.predict(holed) as Tensor);
    expectSameBits('masked result', again.result, expected);
    expect(again.records.length).toBe(TIME * 3);
  });
});
