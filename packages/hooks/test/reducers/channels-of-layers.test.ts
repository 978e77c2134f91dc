// Along which axis channels lie, for every layout that layers produce.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {channelStats, topK, withCapture} from '@tfjs-capture/hooks';
import type {RecordKind} from '@tfjs-capture/hooks';
import {buildLayer, LAYER_KINDS} from '../fidelity/layer-kinds.js';
import {CONV_LSTM} from '../fidelity/recurrent-cells.js';
import {onRoute} from '../fidelity/routes.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {expectChannelStatistics} from './expect-statistics.js';
import {expectedChannelStats, expectedTopK, observe, pick} from './float64-reference.js';

const first = {dataFormat: 'channelsFirst'} as const;
const axisOfFormat = (dataFormat: string): number => (dataFormat === 'channelsFirst' ? 1 : 3);

function expectAxis(fn: () => unknown, kind: RecordKind, name: string, axis: number): void {
  const options = {record: [kind]};
  tf.tidy(() => {
    const plain = observe(withCapture(fn, options));
    const reduced = withCapture(fn, {...options, reduce: channelStats()});
    const inputs = withCapture(fn, {...options, reduce: topK({k: 2})});
    const slots = new Set(plain.filter((one) => one.name === name).map(({slot}) => slot));
    expect(slots.size).toBeGreaterThan(0);
    for (const slot of slots) {
      const scopes = pick([plain], name, slot);
      expectChannelStatistics(reduced.get(name, {slot}).value, expectedChannelStats(scopes, axis));
      expect(inputs.get(name, {slot}).value).toEqual(expectedTopK(scopes, axis, 2));
    }
  });
}

describe.each(LAYER_KINDS)('$name', (kind) => {
  const layer = buildLayer(kind, 'layer', 'relu');
  const x = seeded([3, ...kind.inputShape], 4);
  const model = sequential({layers: [layers.inputLayer({inputShape: kind.inputShape}), layer]});
  const rank = model.outputs[0]!.shape.length;
  const axis = kind.name.includes('channels first') ? 1 : rank - 1;

  test.each(['pre', 'post', 'output'] as const)('%s', (recorded) => {
    expectAxis(() => model.predict(x), recorded, 'layer', axis);
  });
  test('with a tape on', () => {
    onRoute('taped', () => expectAxis(() => model.apply(x), 'pre', 'layer', axis));
  });
  afterAll(() => {
    model.dispose();
    x.dispose();
  });
});

const followers: readonly [string, (name: string, axis: number) => layers.Layer][] = [
  ['ReLU', (name) => layers.reLU({name})],
  ['ReLU up to 1', (name) => layers.reLU({name, maxValue: 1})],
  ['LeakyReLU', (name) => layers.leakyReLU({name})],
  ['PReLU', (name) => layers.prelu({name, alphaInitializer: 'ones'})],
  ['ELU', (name) => layers.elu({name})],
  ['ThresholdedReLU', (name) => layers.thresholdedReLU({name})],
  // tfjs has none along another axis than the last.
  ['Softmax', (name) => layers.softmax({name, axis: 3})],
  ['Activation', (name) => layers.activation({name, activation: 'tanh'})],
  ['Dropout', (name) => layers.dropout({name, rate: 0.5})],
  ['GaussianNoise', (name) => layers.gaussianNoise({name, stddev: 1})],
  ['BatchNormalization', (name, axis) => layers.batchNormalization({name, axis})],
  ['MaxPooling2D', (name, axis) => layers.maxPooling2d({name, ...formatOf(axis), poolSize: 2})],
  ['UpSampling2D', (name, axis) => layers.upSampling2d({name, ...formatOf(axis)})],
  ['ZeroPadding2D', (name, axis) => layers.zeroPadding2d({name, ...formatOf(axis)})],
  ['Cropping2D', (name, axis) => layers.cropping2D({name, ...formatOf(axis), cropping: 1})],
];
const formatOf = (axis: number) =>
  ({dataFormat: axis === 1 ? 'channelsFirst' : 'channelsLast'}) as const;

describe.each(['channelsFirst', 'channelsLast'] as const)('%s', (dataFormat) => {
  const axis = axisOfFormat(dataFormat);
  const inputShape = axis === 1 ? [2, 5, 6] : [5, 6, 2];
  const conv = (name: string) =>
    layers.conv2d({name, filters: 4, kernelSize: 2, dataFormat, inputShape});

  test.each(followers)('%s after a convolution', (_, follower) => {
    const model = sequential({layers: [conv('conv'), follower('last', axis)]});
    setSeededWeights(model);
    const x = seeded([3, ...inputShape], 5);
    expectAxis(() => model.predict(x), 'output', 'last', axis);
    model.dispose();
    x.dispose();
  });

  test('activations behind several layers without a format', () => {
    const model = sequential({
      layers: [
        conv('conv'),
        layers.batchNormalization({axis}),
        layers.dropout({rate: 0.5}),
        layers.reLU({name: 'last'}),
      ],
    });
    setSeededWeights(model);
    const x = seeded([3, ...inputShape], 5);
    expectAxis(() => model.predict(x), 'pre', 'last', axis);
    model.dispose();
    x.dispose();
  });

  test('TimeDistributed: of each step and of its output', () => {
    const model = sequential({
      layers: [
        layers.inputLayer({inputShape: [3, ...inputShape]}),
        layers.timeDistributed({
          name: 'steps',
          layer: layers.conv2d({
            name: 'conv',
            filters: 4,
            kernelSize: 2,
            dataFormat,
            activation: 'relu',
          }),
        }),
      ],
    });
    setSeededWeights(model);
    const x = seeded([2, 3, ...inputShape], 5);
    expectAxis(() => model.predict(x), 'pre', 'steps/conv', axis);
    expectAxis(() => model.predict(x), 'output', 'steps', axis + 1);
    model.dispose();
    x.dispose();
  });

  // WASM has no convolution with channels first, and this layer does not transpose.
  const isRunnable = axis === 3 || tf.getBackend() === 'cpu';
  (isRunnable ? test : test.failing).each([false, true])(
    'ConvLSTM2D, its output as a sequence: %s',
    (returnSequences) => {
      const model = sequential({
        layers: [
          layers.inputLayer({inputShape: [3, ...inputShape]}),
          layers.convLstm2d({name: 'rnn', filters: 4, kernelSize: 2, dataFormat, returnSequences}),
        ],
      });
      setSeededWeights(model);
      const x = seeded([2, 3, ...inputShape], 5);
      expectAxis(() => model.predict(x), 'output', 'rnn', returnSequences ? axis + 1 : axis);
      const {name} = withCapture(() => model.predict(x)).records[0]!;
      expectAxis(() => model.predict(x), 'pre', name, axis);
      model.dispose();
      x.dispose();
    },
  );
});

test('ConvLSTM2D by its kind', () => {
  const shape = [2, ...CONV_LSTM.inputShape];
  const rnn = CONV_LSTM.layer({
    name: 'rnn',
    activation: 'tanh',
    recurrentActivation: 'sigmoid',
  });
  const model = sequential({layers: [layers.inputLayer({inputShape: shape}), rnn]});
  const x = seeded([2, ...shape], 6);
  const {name} = withCapture(() => model.predict(x)).records[0]!;
  expectAxis(() => model.predict(x), 'pre', name, 3);
});

test('a layer without a format may follow a nested model', () => {
  const nested = sequential({layers: [layers.dense({units: 3, inputShape: [2, 5]})]});
  const model = sequential({layers: [nested, layers.reLU({name: 'last'})]});
  setSeededWeights(model);
  const x = seeded([2, 2, 5], 6);
  expectAxis(() => model.predict(x), 'pre', 'last', 2);
});

test('a dense layer after channels first has its units last', () => {
  const model = sequential({
    layers: [
      layers.conv2d({filters: 4, kernelSize: 2, inputShape: [2, 5, 6], ...first}),
      layers.dense({name: 'dense', units: 3, activation: 'relu'}),
    ],
  });
  setSeededWeights(model);
  const x = seeded([2, 2, 5, 6], 6);
  expectAxis(() => model.predict(x), 'pre', 'dense', 3);
});

test.each([0, 1, -1, -2])('the axis %i is taken where it is given', (axis) => {
  const x: Tensor = seeded([3, 4, 5], 6);
  const fn = () => tf.relu(x);
  tf.tidy(() => {
    const plain = observe(withCapture(fn));
    const {value} = withCapture(fn, {reduce: channelStats({axis})}).records[0]!;
    expectChannelStatistics(value, expectedChannelStats([plain], (axis + 3) % 3));
  });
});
