// Edits that change nothing leave every bit: identities, and a run's own values put back.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {replaceWith, withCapture} from '@tfjs-capture/hooks';
import type {Capture, Edits} from '@tfjs-capture/hooks';
import {ACTIVATION_NAMES, named} from '../fidelity/activation-functions.js';
import {expectSameBits} from '../fidelity/float-bits.js';
import {buildLayer, LAYER_KINDS} from '../fidelity/layer-kinds.js';
import {CELL_KINDS} from '../fidelity/recurrent-cells.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {
  FUSED_ACTIVATIONS,
  FUSED_KINDS,
  fusedGraph,
  inputFor,
  isUnsupported,
  losesAlpha,
} from '../graph-models/fused-node-kinds.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import {KINDS} from './edits-by-hand.js';

type Run = () => Tensor;
const EVERYTHING = {record: [...KINDS]};
const everywhere = (edit: (value: Tensor) => Tensor | undefined): Edits => ({
  '**': {pre: edit, post: edit, output: edit},
});
const IDENTITIES: readonly Edits[] = [
  everywhere((value) => value),
  everywhere(() => undefined),
  {'**': {pre: [(value) => value, () => undefined, (value) => value]}},
];

function expectSameRun(actual: Capture<Tensor>, expected: Capture<Tensor>): void {
  expectSameBits('result', actual.result, expected.result);
  expect(actual.table()).toBe(expected.table());
  actual.records.forEach((record, i) => {
    for (const kind of KINDS) {
      const [got, want] = [record[kind], expected.records[i]![kind]];
      expect(got === undefined).toBe(want === undefined);
      if (got && want) expectSameBits(`${kind} of ${record.name}`, got, want);
    }
  });
}

function expectIdentities(run: Run): void {
  const plain = withCapture(run, EVERYTHING);
  expectSameBits('plain', plain.result, run());
  for (const edit of IDENTITIES) expectSameRun(withCapture(run, {...EVERYTHING, edit}), plain);
}

/** Puts back what every hook point gave, all at once and one by one. */
function expectOwnValues(run: Run): void {
  const plain = withCapture(run, EVERYTHING);
  const own = replaceWith(plain);
  expectSameRun(
    withCapture(run, {...EVERYTHING, edit: {'**': {pre: own, post: own, output: own}}}),
    plain,
  );
  for (const record of plain.records) {
    for (const kind of KINDS) {
      if (!record[kind]) continue;
      const edit: Edits = [
        {layers: (at) => at.name === record.name && at.slot === record.slot, [kind]: own},
      ];
      expectSameBits(kind, withCapture(run, {record: [], edit}).result, plain.result);
    }
  }
}

/** Some of everything that is no number. */
function broken(shape: number[]): Tensor {
  const values = seeded(shape, 3).dataSync().slice();
  [NaN, Infinity, -Infinity].forEach((value, i) => {
    values[Math.floor((values.length * (i + 0.5)) / 3)] = value;
  });
  return tf.tensor(values, shape);
}

describe.each(LAYER_KINDS)('$name', (kind) => {
  test.each(ACTIVATION_NAMES)('%s', (activation) => {
    const layer = buildLayer(kind, 'layer', named(activation));
    const net = sequential({layers: [layers.inputLayer({inputShape: kind.inputShape}), layer]});
    const shape = [2, ...kind.inputShape];
    for (const route of ROUTES) {
      onRoute(route, () => {
        const x = seeded(shape, 3);
        expectOwnValues(() => net.predict(x) as Tensor);
        const odd = broken(shape);
        expectIdentities(() => net.predict(odd) as Tensor);
      });
    }
    tf.dispose(layer.weights.map((weight) => weight.read()));
  });
});

describe.each(CELL_KINDS)('$name', (kind) => {
  test.each(ROUTES)('%s', (route) => {
    onRoute(route, () => {
      const layer = kind.layer({name: 'l', activation: 'relu', recurrentActivation: 'sigmoid'});
      const net = sequential({
        layers: [layers.inputLayer({inputShape: [3, ...kind.inputShape]}), layer],
      });
      setSeededWeights(net);
      const x = seeded([2, 3, ...kind.inputShape], 3);
      const plain = withCapture(() => net.predict(x) as Tensor, EVERYTHING);
      const own = replaceWith(plain);
      expectSameRun(
        withCapture(() => net.predict(x) as Tensor, {
          ...EVERYTHING,
          edit: {'**': {pre: own, post: own, output: own}},
        }),
        plain,
      );
      const odd = broken([2, 3, ...kind.inputShape]);
      expectIdentities(() => net.predict(odd) as Tensor);
    });
  });
});

describe.each(FUSED_KINDS)('graph: $title', (kind) => {
  test.each(
    FUSED_ACTIVATIONS.filter((one) => !isUnsupported(kind, one, true) && !losesAlpha(kind, one)),
  )('%s', async (activation) => {
    const graph: GraphModel = await buildGraphModel(fusedGraph(kind, activation, true));
    for (const route of ROUTES) {
      onRoute(route, () => {
        const x = inputFor(kind);
        expectOwnValues(() => graph.execute(x) as Tensor);
        const odd = inputFor(kind, true);
        expectIdentities(() => graph.execute(odd) as Tensor);
      });
    }
    graph.dispose();
  });
});

test('the clean run’s last layer restores the clean run', () => {
  tf.tidy(() => {
    for (const activation of ACTIVATION_NAMES) {
      const net = sequential({
        layers: [
          layers.conv2d({
            name: 'first',
            filters: 3,
            kernelSize: 2,
            activation: 'relu',
            inputShape: [5, 4, 2],
          }),
          layers.flatten({name: 'flat'}),
          layers.dense({name: 'last', units: 4, activation: named(activation)}),
        ],
      });
      setSeededWeights(net);
      const [clean, corrupted] = [seeded([3, 5, 4, 2], 1), broken([3, 5, 4, 2])];
      const reference = withCapture(() => net.predict(clean) as Tensor, EVERYTHING);
      for (const kind of KINDS) {
        const {result} = withCapture(() => net.predict(corrupted) as Tensor, {
          edit: {last: {[kind]: replaceWith(reference)}},
        });
        expectSameBits(`${activation} ${kind}`, result, reference.result);
      }
    }
  });
});
