// Random models with random edits give what their layers give one by one, with the edits in between.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import {withCapture} from '@tfjs-capture/hooks';
import type {EditPoint, RecordKind} from '@tfjs-capture/hooks';
import {download, expectSameBits} from '../fidelity/float-bits.js';
import type {LayerKind} from '../fidelity/layer-kinds.js';
import {buildPlan} from '../fidelity/model-plans.js';
import type {PlaceEdit} from '../fidelity/model-plans.js';
import {KINDS_BY_SHAPE, plansAndShapes} from '../fidelity/random-plans.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import {seeded} from '../fidelity/seeded-values.js';
import {KINDS} from './edits-by-hand.js';

const RUNS = 80;
const ROWS_PER_BATCH = 32;

const scenarios = fc.record({
  model: plansAndShapes,
  rows: fc.constantFrom(1, 2, 33, 70),
  route: fc.constantFrom(...ROUTES),
  entry: fc.constantFrom('predict' as const, 'apply' as const),
  record: fc.subarray<RecordKind>([...KINDS]),
  /** Which places are edited: those whose name, with this, comes to a number that this divides. */
  salt: fc.nat({max: 1000}),
  every: fc.integer({min: 1, max: 4}),
  isNested: fc.boolean(),
});
type Scenario = typeof scenarios extends fc.Arbitrary<infer T> ? T : never;

function editBy(salt: number, every: number): PlaceEdit {
  return (name, kind, value) => {
    const place = Array.from(`${name} ${kind}`).reduce(
      (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973,
      salt,
    );
    if (place % every !== 0) return value;
    return tf.add(tf.mul(value, seeded(value.shape, place, 1)), tf.sin(value));
  };
}

function holds({model: {on, plan}, rows, route, entry, record, salt, every, isNested}: Scenario) {
  const kinds: readonly LayerKind[] = KINDS_BY_SHAPE[on];
  const {model, run, dispose} = buildPlan(plan, kinds);
  const x = seeded([rows, ...kinds[0]!.inputShape], rows);
  const perBatch = entry === 'predict' ? ROWS_PER_BATCH : rows;
  const edit = editBy(salt, every);
  try {
    onRoute(route, () => {
      const met = new Set<string>();
      const parts: Tensor[] = [];
      for (let row = 0; row < rows; row += perBatch) {
        const part = tf.slice(x, row, Math.min(perBatch, rows - row));
        parts.push(
          run(part, [], route, (name, kind, value) => {
            met.add(name);
            return edit(name, kind, value);
          }),
        );
      }
      const at = (kind: RecordKind) => (value: Tensor, point: EditPoint) => {
        expect(point.kind).toBe(kind);
        return edit(point.name, kind, value);
      };
      const layers = (point: {name: string}) => met.has(point.name);
      const edits = [
        {layers, pre: at('pre')},
        {layers, post: at('post'), output: at('output')},
      ];
      const forward = () => (entry === 'predict' ? model.predict(x) : model.apply(x)) as Tensor;
      const {result} = withCapture(
        () =>
          isNested ? withCapture(forward, {edit: [edits[0]!], record: ['post']}).result : forward(),
        {record, edit: isNested ? [edits[1]!] : edits},
      );
      expectSameBits('result', result, download(tf.concat(parts)));
    });
  } finally {
    dispose();
    x.dispose();
  }
}

test('edits of random models', () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  const before = tf.memory().numTensors;
  fc.assert(fc.property(scenarios, holds), {numRuns: RUNS});
  expect(tf.memory().numTensors).toBe(before);
  warn.mockRestore();
});
