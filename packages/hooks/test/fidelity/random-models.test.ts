// Random models, run in random ways and captured with random options. On failure fast-check prints the
// seed, and the smallest plan that fails.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';

import type {ActivationRecord, CaptureOptions, LayerFilter, RecordKind} from '@tfjs-capture/hooks';
import {withCapture} from '@tfjs-capture/hooks';
import {activate, ACTIVATION_NAMES} from './activation-functions.js';
import {bitsKey, download, expectSameBits} from './float-bits.js';
import {conv2d, dense} from './layer-kinds.js';
import type {LayerKind} from './layer-kinds.js';
import {buildPlan, sharesBetweenBranches} from './model-plans.js';
import type {Expected, Plan} from './model-plans.js';
import {onRoute, ROUTES} from './routes.js';
import {seeded} from './seeded-values.js';

const RUNS = 120;
const ROWS_PER_BATCH = 32;

const activationLayer = (inputShape: number[]): LayerKind => ({
  name: 'Activation',
  inputShape,
  build: (config) => layers.activation(config),
});

const VECTOR = [4];
const SEQUENCE = [5, 3];
const IMAGE = [4, 3, 2];
const same = {padding: 'same'} as const;

/** Layers that keep their input's shape. */
const KINDS_BY_SHAPE = {
  vector: [dense('Dense', VECTOR), activationLayer(VECTOR)],
  sequence: [
    dense('Dense', SEQUENCE, {units: 3}),
    activationLayer(SEQUENCE),
    {
      name: 'Conv1D',
      inputShape: SEQUENCE,
      build: (config) => layers.conv1d({...config, ...same, filters: 3, kernelSize: 3}),
    },
  ],
  image: [
    conv2d('Conv2D', IMAGE, {filters: 2, kernelSize: 3, ...same}),
    conv2d('Conv2D 1x1', IMAGE, {filters: 2, kernelSize: 1, useBias: false}),
    dense('Dense', IMAGE, {units: 2}),
    activationLayer(IMAGE),
    {
      name: 'DepthwiseConv2D',
      inputShape: IMAGE,
      build: (config) => layers.depthwiseConv2d({...config, ...same, kernelSize: 2}),
    },
    {
      name: 'SeparableConv2D',
      inputShape: IMAGE,
      build: (config) => layers.separableConv2d({...config, ...same, filters: 2, kernelSize: 2}),
    },
  ],
} satisfies Record<string, readonly LayerKind[]>;
type ShapeName = keyof typeof KINDS_BY_SHAPE;

/** Plans of some depth over layers of one shape; they shrink towards one layer. */
function plansOf(kinds: readonly LayerKind[]): fc.Arbitrary<Plan> {
  const {plan} = fc.letrec<{plan: Plan; layer: Plan}>((tie) => ({
    layer: fc.record({
      part: fc.constant('layer' as const),
      kind: fc.constantFrom(...kinds.map(({name}) => name)),
      activation: fc.constantFrom('relu', 'linear', ...ACTIVATION_NAMES),
    }),
    plan: fc.oneof(
      {maxDepth: 4, withCrossShrink: true, depthSize: 'large'},
      tie('layer'),
      fc.record({
        part: fc.constant('chain' as const),
        parts: fc.array(tie('plan'), {minLength: 1, maxLength: 3}),
      }),
      fc.record({
        part: fc.constant('branches' as const),
        arms: fc.array(tie('plan'), {minLength: 1, maxLength: 3}),
      }),
      fc.record({
        part: fc.constant('nested' as const),
        as: fc.constantFrom('functional' as const, 'sequential' as const),
        body: tie('plan'),
      }),
      fc.record({part: fc.constant('twice' as const), body: tie('plan')}),
      fc.record({part: fc.constant('shared' as const), body: tie('plan'), other: tie('layer')}),
    ),
  }));
  return plan;
}

/** How a filter selects each of some names: all by one kind, or mixed in an array. */
type Selecting = 'glob' | 'suffix glob' | 'regular expression' | 'predicate';

const plansAndShapes = fc.oneof(
  ...(Object.keys(KINDS_BY_SHAPE) as ShapeName[]).map((on) =>
    fc.record({on: fc.constant(on), plan: plansOf(KINDS_BY_SHAPE[on])}),
  ),
);

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
