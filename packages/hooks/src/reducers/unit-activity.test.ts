// Values read where they lie, reduced on a device and counted by hand give the same.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {valuesInPlace} from '@tfjs-capture/core';
import {FLAT_PARTS, KINKS} from './activation-shape.js';
import {unitActivityReducer} from './unit-activity.js';
import type {ReducedPoint} from '../reducer.js';

const backend = tf.backend();

const pointOf = (activation: string, channelAxis: number): ReducedPoint => ({
  name: 'layer',
  path: ['layer'],
  activation,
  kernel: null,
  pass: 0,
  call: 0,
  slot: 0,
  kind: 'pre',
  channelAxis,
});

const ACTIVATIONS = ['relu', 'relu6', 'hardSigmoid', 'sigmoid', 'tanh', 'softsign', 'elu', 'swish'];

const value = fc.oneof(
  {weight: 8, arbitrary: fc.float({min: -9, max: 9, noNaN: true})},
  fc.constantFrom(0, -0, 6, 2.5, -2.5, NaN, Infinity, -Infinity),
);

const cases = fc
  .record({
    outer: fc.integer({min: 1, max: 3}),
    channels: fc.integer({min: 1, max: 5}),
    inner: fc.integer({min: 1, max: 4}),
    activation: fc.constantFrom(...ACTIVATIONS),
  })
  .chain((shape) => {
    const size = shape.outer * shape.channels * shape.inner;
    return fc.record({
      ...Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, fc.constant(part)])),
      values: fc.array(value, {minLength: size, maxLength: size}),
    }) as unknown as fc.Arbitrary<typeof shape & {values: number[]}>;
  });

test('in place, on a device and by hand', () => {
  fc.assert(
    fc.property(cases, ({outer, channels, inner, activation, values}) => {
      const tensor = tf.tensor3d(values, [outer, channels, inner]);
      const at = pointOf(activation, 1);
      const reducer = unitActivityReducer(true);
      const [here, there] = [reducer.init(at), reducer.init(at)];
      reducer.read(
        here,
        {values: () => valuesInPlace(backend, tensor)!, shape: tensor.shape, backend},
        at,
      );
      reducer.step(there, tensor, at);
      tensor.dispose();
      const [read, reduced] = [reducer.finish(here)!, reducer.finish(there)!];

      const flat = FLAT_PARTS[activation] ?? {below: NaN, above: NaN};
      const kinks = KINKS[activation] ?? [];
      const inactive = new Float64Array(channels);
      const inFlat = new Float64Array(channels);
      let distance = 0;
      values.map(Math.fround).forEach((x, i) => {
        const unit = Math.floor(i / inner) % channels;
        if (x <= 0) inactive[unit]!++;
        if (x <= flat.below || x >= flat.above) inFlat[unit]!++;
        if (kinks.length > 0 && Number.isFinite(x)) {
          distance += Math.min(...kinks.map((kink) => Math.abs(x - kink)));
        }
      });
      for (const activity of [read, reduced]) {
        expect(activity.inactive).toEqual(inactive);
        expect(activity.flat).toEqual(inFlat);
        expect(activity.distance).toBeCloseTo(distance, 3);
      }
      expect(reduced.moments.nan).toEqual(read.moments.nan);
      expect(reduced.histogram!.counts).toEqual(read.histogram!.counts);

      const twice = reducer.init(at);
      reducer.merge(twice, here, true);
      reducer.merge(twice, here, true);
      expect(reducer.finish(twice)!.inactive).toEqual(inactive.map((count) => 2 * count));
      expect(reducer.finish(twice)!.distance).toBeCloseTo(2 * distance, 3);
    }),
    {numRuns: 60},
  );
});

/** By differences: the slope of an activation function. */
const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  softsign: (x) => x / (1 + Math.abs(x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  hardSigmoid: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
  relu6: (x) => Math.min(6, x),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
};

test.each(Object.keys(FLAT_PARTS))(
  '%s is flat where its slope is under 5 %% of its largest',
  (name) => {
    const activate = FUNCTIONS[name]!;
    const slopeAt = (x: number) => (activate(x + 1e-5) - activate(x - 1e-5)) / 2e-5;
    // Off the kinks, where there is no slope.
    const grid = Array.from({length: 4000}, (_, i) => (i - 2000) / 200 + 0.001);
    const largest = Math.max(...[...grid, -2e-5, 2e-5].map(slopeAt));
    const {below, above} = FLAT_PARTS[name]!;
    for (const x of grid)
      expect([x, x <= below || x >= above]).toEqual([x, slopeAt(x) < 0.05 * largest]);
  },
);
