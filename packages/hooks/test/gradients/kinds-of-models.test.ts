// Gradients at every hook point: layers that are activations, recurrent gates, wrappers, nested and shared layers.
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';

import {registerGradientKernels, withCapture, withGradients} from '@tfjs-capture/hooks';
import type {HookPoint} from '@tfjs-capture/hooks';
import {activate, named} from '../fidelity/activation-functions.js';
import {expectSameBits} from '../fidelity/float-bits.js';
import {CELL_KINDS, LSTM} from '../fidelity/recurrent-cells.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {checkEveryGradient} from './check-every-gradient.js';
import {expectByDifferences, expectClose, lossOf} from './compare-gradients.js';

registerGradientKernels(globalThis.TFJS_BACKEND);

const valueOf = (layer: layers.Layer, x: Tensor) => (): Scalar => lossOf(layer.apply(x) as Tensor);

describe('layers that are activations', () => {
  const kinds: Record<string, [() => layers.Layer, (x: Tensor, alpha: Tensor) => Tensor]> = {
    ReLU: [() => layers.reLU({name: 'layer'}), (x) => tf.relu(x)],
    'ReLU with maxValue': [
      () => layers.reLU({name: 'layer', maxValue: 2}),
      (x) => tf.clipByValue(tf.relu(x), 0, 2),
    ],
    LeakyReLU: [() => layers.leakyReLU({name: 'layer', alpha: 0.3}), (x) => tf.leakyRelu(x, 0.3)],
    PReLU: [() => layers.prelu({name: 'layer'}), (x, alpha) => tf.prelu(x, alpha)],
    ELU: [() => layers.elu({name: 'layer'}), (x) => tf.elu(x)],
    Softmax: [() => layers.softmax({name: 'layer'}), (x) => tf.softmax(x)],
    'Softmax over two axes': [
      () => layers.softmax({name: 'layer', axis: [1, 2] as unknown as number}),
      (x) => tf.exp(tf.sub(x, tf.logSumExp(x, [1, 2], true))),
    ],
    'Activation tanh': [() => layers.activation({name: 'layer', activation: 'tanh'}), tf.tanh],
    'Activation swish': [
      () => layers.activation({name: 'layer', activation: named('swish')}),
      (x) => activate('swish', x),
    ],
  };

  test.each(Object.entries(kinds))('%s', (name, [build, byHand]) => {
    tf.tidy(() => {
      const layer = build();
      const x = seeded(name === 'Softmax' ? [6, 4] : [2, 3, 4], 5);
      layer.apply(x);
      setSeededWeights(layer);
      const capture = withGradients(valueOf(layer, x));
      const alpha = layer.weights[0]?.read() ?? tf.scalar(0);
      const expected = tf.grad((pre: Tensor) => lossOf(byHand(pre, alpha)))(x);
      expectClose('gradient', capture.gradient('layer'), expected);
      expectByDifferences(
        'gradient',
        capture.gradient(layer),
        x,
        (bump) => withCapture(valueOf(layer, tf.add(x, bump))).result,
        {kinks: [0, 2]},
      );
    });
  });
});

describe('recurrent layers, gate by gate', () => {
  /** The state of an LSTM goes into its last activation and into the next step. */
  const isState = ({call, slot}: HookPoint): boolean => slot === 4 && call < 2;

  test.each(CELL_KINDS)('$name', (kind) => {
    const layer = kind.layer({name: 'rnn', activation: 'tanh', recurrentActivation: 'sigmoid'});
    const x = seeded([2, 3, ...kind.inputShape], 6, 1);
    layer.apply(x);
    setSeededWeights(layer);
    const checked = checkEveryGradient(valueOf(layer, x), {isUsedElsewhere: isState});
    expect(checked).toHaveLength({SimpleRNN: 3, GRU: 9, LSTM: 13, ConvLSTM2D: 13}[kind.name]!);
  });

  test('an LSTM against one that is written by hand', () => {
    tf.tidy(() => {
      const layer = LSTM.layer({name: 'l', activation: 'tanh', recurrentActivation: 'sigmoid'});
      const x = seeded([2, 3, 4], 6, 1);
      layer.apply(x);
      setSeededWeights(layer);
      const [kernel, recurrent, bias] = layer.weights.map((weight) => weight.read());
      const steps = tf.unstack(x, 1);
      const run = (...bumps: Tensor[]): Scalar => {
        let [h, c] = [tf.zeros([2, 3]), tf.zeros([2, 3])];
        steps.forEach((step, t) => {
          const z = tf.add(
            tf.add(tf.matMul(step, kernel!), tf.matMul(h as tf.Tensor2D, recurrent!)),
            bias!,
          );
          const of = (slot: number, value: Tensor) => tf.add(value, bumps[5 * t + slot]!);
          const [i, f, g, o] = tf.split(z, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
          const kept = tf.mul(tf.sigmoid(of(1, f)), c);
          c = of(4, tf.add(kept, tf.mul(tf.sigmoid(of(0, i)), tf.tanh(of(2, g)))));
          h = tf.mul(tf.sigmoid(of(3, o)), tf.tanh(c));
        });
        return lossOf(h);
      };
      const bumps = Array.from({length: 15}, () => tf.zeros([2, 3]));
      const expected = tf.grads(run)(bumps);
      const capture = withGradients(valueOf(layer, x));
      expected.forEach((gradient, i) => {
        const at = {call: Math.floor(i / 5), slot: i % 5};
        expectClose(`step ${at.call} slot ${at.slot}`, capture.gradient('l', at), gradient);
      });
    });
  });

  test('a sequence that is returned', () => {
    const layer = layers.gru({name: 'gru', units: 2, returnSequences: true, inputShape: [3, 2]});
    const x = seeded([2, 3, 2], 7, 1);
    layer.apply(x);
    setSeededWeights(layer);
    expect(checkEveryGradient(valueOf(layer, x))).toHaveLength(9);
  });
});

describe('wrappers and models in models', () => {
  const dense = (name: string, units = 3, activation = 'tanh') =>
    layers.dense({name, units, activation: named(activation)});

  test('TimeDistributed', () => {
    const layer = layers.timeDistributed({name: 'td', layer: dense('each')});
    const x = seeded([2, 3, 4], 8, 1);
    layer.apply(x);
    setSeededWeights(layer);
    expect(checkEveryGradient(valueOf(layer, x)).length).toBeGreaterThan(0);
  });

  test('Bidirectional', () => {
    const layer = layers.bidirectional({
      name: 'both',
      layer: layers.lstm({name: 'g', units: 2}),
      mergeMode: 'concat',
    });
    const x = seeded([2, 2, 3], 9, 1);
    layer.apply(x);
    setSeededWeights(layer);
    const isUsedElsewhere = ({call, slot}: HookPoint) => slot === 4 && call === 0;
    expect(checkEveryGradient(valueOf(layer, x), {isUsedElsewhere})).toHaveLength(18);
  });

  test('nested models, a shared layer, a batch normalisation between', () => {
    const inner = sequential({
      name: 'inner',
      layers: [
        layers.dense({name: 'one', units: 4, activation: named('swish'), inputShape: [4]}),
        layers.batchNormalization({name: 'norm'}),
        layers.elu({name: 'elu'}),
      ],
    });
    const shared = dense('shared', 4, 'sigmoid');
    const x = input({shape: [4]});
    const first = shared.apply(inner.apply(x)) as SymbolicTensor;
    const second = shared.apply(first) as SymbolicTensor;
    const sum = layers.add({name: 'add'}).apply([first, second, x]) as SymbolicTensor;
    const outer = model({
      inputs: x,
      outputs: dense('last', 2, 'softmax').apply(sum) as SymbolicTensor,
    });
    setSeededWeights(outer);
    // Variances are positive.
    const norm = inner.getLayer('norm').weights[3]!;
    norm.write(tf.abs(norm.read()));
    const given = seeded([3, 4], 10, 1);
    const checked = checkEveryGradient(valueOf(outer, given));
    expect(checked.map((one) => one.split(' ')[0])).toEqual([
      'inner/one',
      'inner/elu',
      'shared',
      'shared',
      'last',
    ]);
    tf.tidy(() => {
      const capture = withGradients(valueOf(outer, given), {record: ['pre', 'output']});
      expect(() => capture.gradient('shared')).toThrow(/2 hook points.*call: 0.*call: 1/s);
      // The gradient of a layer's output, activation or not.
      const last = (value: Tensor) => lossOf(outer.getLayer('last').apply(value) as Tensor);
      const expected = tf.grad(last)(capture.output('add'));
      expectSameBits('add', capture.gradient('add', {of: 'output'}), expected);
    });
  });
});
