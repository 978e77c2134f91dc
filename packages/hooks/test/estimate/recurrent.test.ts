// Estimates of cells, wrappers and what they are put together to, held to captures.
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';

import {ACTIVATION_NAMES, named} from '../fidelity/activation-functions.js';
import {CELL_KINDS, LSTM, SIMPLE_RNN} from '../fidelity/recurrent-cells.js';
import {chain, expectEstimate, RECORDS} from './compare-with-capture.js';

type Layer = layers.Layer;

const TIME = 3;
const activations = fc.constantFrom('linear', ...ACTIVATION_NAMES).map(named);

describe.each(CELL_KINDS)('$name', ({layer, inputShape}) => {
  const shape = [TIME, ...inputShape];

  test('whatever it activates, returns and is filtered by', () => {
    const scenarios = fc.record({
      config: fc.record({
        activation: activations,
        recurrentActivation: activations,
        returnSequences: fc.boolean(),
        goBackwards: fc.boolean(),
      }),
      returnState: fc.boolean(),
      wrap: fc.constantFrom('not', 'both ways', 'over time', 'both, unmerged'),
      record: fc.constantFrom(...RECORDS),
      slot: fc.option(fc.nat(4), {nil: undefined}),
      rows: fc.integer({min: 1, max: 5}),
    });
    fc.assert(
      fc.property(scenarios, ({config, returnState, wrap, record, slot, rows}) => {
        const build = (): Layer => layer({...config, ...(returnState && {returnState})});
        const options = {
          record,
          batchSize: 2,
          ...(slot !== undefined && {layers: (point: {slot: number}) => point.slot === slot}),
        };
        if (wrap === 'not') expectOf(build(), shape, rows, options);
        else if (wrap === 'over time') {
          const inner = layer(config);
          expectOf(layers.timeDistributed({layer: inner}), [2, ...shape], rows, options);
        } else if (inputShape.length === 1) {
          const mergeMode = wrap === 'both ways' ? 'concat' : (null as never);
          expectOf(
            layers.bidirectional({layer: build() as never, mergeMode}),
            shape,
            rows,
            options,
          );
        }
      }),
      {numRuns: 40},
    );
  });

  test('unrolled, which tfjs ignores', () => {
    if (inputShape.length > 1) return;
    jest.spyOn(console, 'warn').mockImplementation();
    const unrolled = layer({activation: 'tanh', unroll: true} as never);
    expectOf(unrolled, shape, 2, {});
    jest.restoreAllMocks();
  });
});

/** A lone output goes into an activation, so that what it shares counts; several end the model. */
function expectOf(
  layer: Layer,
  shape: number[],
  rows: number,
  options: Parameters<typeof expectEstimate>[2],
): void {
  const x = input({shape});
  const outputs = layer.apply(x) as SymbolicTensor | SymbolicTensor[];
  const used = Array.isArray(outputs) ? outputs : (layers.reLU().apply(outputs) as SymbolicTensor);
  const whole = model({inputs: x, outputs: used});
  expect(expectEstimate(whole, [[rows, ...shape]], options).unknown).toEqual([]);
  whole.dispose();
}

test('an LSTM over 100 steps is five rows, of 100 calls each', () => {
  const lstm = LSTM.layer({activation: 'tanh', recurrentActivation: 'sigmoid', name: 'lstm'});
  const {hookPoints} = expectEstimate(chain([100, 4], lstm), [[40, 100, 4]], {});
  expect(
    hookPoints.map(({activation, slot, calls, count, shape}) => [
      activation,
      slot,
      calls,
      count,
      shape,
    ]),
  ).toEqual(
    ['sigmoid', 'sigmoid', 'tanh', 'sigmoid', 'tanh'].map((activation, slot) => [
      activation,
      slot,
      100,
      200,
      [40, 3],
    ]),
  );
});

test('cells that are stacked', () => {
  for (const record of RECORDS) {
    const cells = [
      layers.simpleRNNCell({units: 3, name: 'first'}),
      layers.lstmCell({units: 2, name: 'second'}),
      layers.gruCell({units: 4, name: 'third'}),
    ];
    const {hookPoints} = (() => {
      const layer = layers.rnn({cell: cells, returnSequences: true, name: 'rnn'});
      return expectEstimate(chain([TIME, 4], layer, layers.reLU()), [[2, TIME, 4]], {record});
    })();
    expect(hookPoints.length).toBeGreaterThan(3);
  }
});

test('initial states are no inputs of the cell', () => {
  const [x, state] = [input({shape: [TIME, 4]}), input({shape: [3]})];
  const layer = SIMPLE_RNN.layer({activation: 'tanh'});
  const whole = model({inputs: [x, state], outputs: layer.apply([x, state]) as SymbolicTensor});
  for (const record of RECORDS)
    expectEstimate(
      whole,
      [
        [2, TIME, 4],
        [2, 3],
      ],
      {record},
    );
});

describe('TimeDistributed', () => {
  test.each<[string, () => Layer | LayersModel, number[]]>([
    ['of a layer', () => layers.dense({units: 2, activation: 'swish'}), [4]],
    ['of an activation', () => layers.activation({activation: 'linear'}), [4]],
    [
      'of a convolution',
      () => layers.conv2d({filters: 2, kernelSize: 2, activation: 'relu'}),
      [4, 4, 1],
    ],
    [
      'of a model',
      () =>
        sequential({
          layers: [
            layers.dense({units: 2, activation: 'relu', inputShape: [4]}),
            layers.softmax({axis: -1}),
          ],
        }),
      [4],
    ],
  ])('%s', (_, build, shape) => {
    for (const record of RECORDS) {
      const layer = layers.timeDistributed({layer: build()});
      expectEstimate(chain([TIME, ...shape], layer, layers.reLU()), [[3, TIME, ...shape]], {
        record,
      });
    }
  });
});
