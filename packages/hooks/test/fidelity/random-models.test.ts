// Random models, run in random ways and captured with random options. On failure fast-check prints the
// seed, and the smallest plan that fails.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import type {ActivationRecord, CaptureOptions, LayerFilter, RecordKind} from '@tfjs-capture/hooks';
import {withCapture} from '@tfjs-capture/hooks';
import {activate} from './activation-functions.js';
import {bitsKey, download, expectSameBits} from './float-bits.js';
import type {LayerKind} from './layer-kinds.js';
import {buildPlan, sharesBetweenBranches} from './model-plans.js';
import type {Expected} from './model-plans.js';
import {KINDS_BY_SHAPE, plansAndShapes} from './random-plans.js';
import {onRoute, ROUTES} from './routes.js';
import {seeded} from './seeded-values.js';

const RUNS = 120;
const ROWS_PER_BATCH = 32;

/** How a filter selects each of some names: all by one kind, or mixed in an array. */
type Selecting = 'glob' | 'suffix glob' | 'regular expression' | 'predicate';

const scenarios = fc.record({
  model: plansAndShapes,
  rows: fc.oneof(fc.integer({min: 1, max: 70}), fc.constantFrom(1, 31, 32, 33, 64, 65)),
  route: fc.constantFrom(...ROUTES),
  entry: fc.constantFrom('predict' as const, 'apply' as const),
  record: fc.subarray<RecordKind>(['pre', 'post', 'output'], {minLength: 1}),
  /** Which layers, by their place, and how they are named; null for all. */
  select: fc.option(
    fc.array(
      fc.record({
        place: fc.nat({max: 20}),
        by: fc.constantFrom<Selecting>('glob', 'suffix glob', 'regular expression', 'predicate'),
      }),
      {maxLength: 4},
    ),
  ),
});
type Scenario = typeof scenarios extends fc.Arbitrary<infer T> ? T : never;

function filterFor(name: string, by: Selecting): LayerFilter {
  switch (by) {
    case 'glob':
      return name;
    case 'suffix glob':
      return `**/${name.split('/').at(-1)}`;
    case 'regular expression':
      return new RegExp(`^${name}$`);
    case 'predicate':
      return (point) => point.name === name;
  }
}

/** The records of one hook point of one pass, in one line. */
const line = (name: string, activation: string | null, pass: number, call: number): string =>
  `pass ${pass}: ${name} call ${call} ${activation}`;

function expectRecords(
  records: readonly ActivationRecord[],
  passes: readonly (readonly Expected[])[],
  record: readonly RecordKind[],
  inOrder: boolean,
): void {
  const expected = passes.flatMap((pass, index) => {
    const calls = new Map<string, number>();
    return pass.map((one) => {
      const call = calls.get(one.name) ?? 0;
      calls.set(one.name, call + 1);
      return {...one, at: line(one.name, one.activation, index, call)};
    });
  });
  const lines = records.map(({name, activation, pass, call}) => line(name, activation, pass, call));
  expect([...lines].sort()).toEqual(expected.map(({at}) => at).sort());
  for (const {at, name, activation, pre, post, activated} of expected) {
    // Calls in branches have the order in which tfjs runs these: there, bits tell which is which.
    const sameBits = (one: ActivationRecord) =>
      one.pre
        ? bitsKey(one.pre) === bitsKey(pre)
        : bitsKey((one.post ?? one.output)!) === bitsKey(post);
    const got = records.find((one, i) =>
      inOrder
        ? lines[i] === at
        : one.name === name && at.startsWith(`pass ${one.pass}:`) && sameBits(one),
    )!;
    expect(got).toBeDefined();
    for (const kind of ['pre', 'post', 'output'] as const) {
      expect(`${at} ${kind} ${got[kind] !== undefined}`).toBe(
        `${at} ${kind} ${record.includes(kind)}`,
      );
    }
    if (got.pre) expectSameBits(`${at} pre`, got.pre, pre);
    if (got.post) expectSameBits(`${at} post`, got.post, post);
    if (got.output) expectSameBits(`${at} output`, got.output, post);
    expectSameBits(`${at} activation(pre)`, activated, post);
    if (got.pre)
      expectSameBits(`${at} activation(captured pre)`, activate(activation, got.pre), post);
  }
}

function holds({model: {on, plan}, rows, route, entry, record, select}: Scenario): void {
  const kinds: readonly LayerKind[] = KINDS_BY_SHAPE[on];
  const {model, run, dispose} = buildPlan(plan, kinds);
  const x = seeded([rows, ...kinds[0]!.inputShape], rows);
  const perBatch = entry === 'predict' ? ROWS_PER_BATCH : rows;
  try {
    onRoute(route, () => {
      const forward = () => (entry === 'predict' ? model.predict(x) : model.apply(x)) as Tensor;
      const plain = download(forward());
      const passes: Expected[][] = [];
      const parts: Tensor[] = [];
      for (let row = 0; row < rows; row += perBatch) {
        const expected: Expected[] = [];
        parts.push(run(tf.slice(x, row, Math.min(perBatch, rows - row)), expected, route));
        passes.push(expected);
      }
      expectSameBits('the layers one by one', tf.concat(parts), plain);

      const names = [...new Set(passes[0]!.map(({name}) => name))];
      const chosen = select?.map(({place, by}) => ({name: names[place % names.length], by}));
      const isChosen = (name: string) => chosen?.some((one) => one.name === name) ?? true;
      const options: CaptureOptions = {
        record,
        ...(chosen && {layers: chosen.map(({name, by}) => filterFor(name ?? 'none', by))}),
      };
      const capture = withCapture(forward, options);
      expectSameBits('result', capture.result, plain);
      expectRecords(
        capture.records.filter(({activation}) => activation !== null),
        passes.map((pass) => pass.filter(({name}) => isChosen(name))),
        record,
        !sharesBetweenBranches(plan),
      );
    });
  } finally {
    dispose();
    x.dispose();
  }
}

test('captures of random models are faithful', () => {
  const before = tf.memory().numTensors;
  fc.assert(fc.property(scenarios, holds), {numRuns: RUNS});
  expect(tf.memory().numTensors).toBe(before);
});
