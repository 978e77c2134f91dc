import fc from 'fast-check';
import type {Summary} from '../../src/monitor/report-writer.js';

const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0));
const tag = fc.oneof(
  fc.string({unit: 'binary'}),
  fc.constantFrom('', 'conv1/mean', 'größe/层/😀', 'a\nb'),
);
const step = fc.oneof(
  fc.nat({max: 1000}),
  fc.maxSafeNat(),
  fc.constantFrom(0, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1),
);
const buckets = fc.array(fc.tuple(number, number), {maxLength: 40});

const histogram = fc
  .record({min: number, max: number, count: number, sum: number, sumOfSquares: number, buckets})
  .map(({buckets: pairs, ...rest}) => ({
    ...rest,
    limits: pairs.map(([limit]) => limit),
    counts: pairs.map(([, count]) => count),
  }));

const place = {tag, step, wallTime: fc.double({noNaN: true})};

/** Summaries of every kind: tags in any script, steps up to 2^53 - 1, numbers that are none. */
export const summaries: fc.Arbitrary<Summary[]> = fc.array(
  fc.oneof(fc.record({...place, scalar: number}), fc.record({...place, histogram})),
  {maxLength: 12},
);
