// What follows a layer is what changes when the layer's output does: NaN runs through all of it.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';

import {
  AmbiguousLayerError,
  CaptureArgumentError,
  LayerNotFoundError,
  withCapture,
} from '@tfjs-capture/hooks';
import type {HookPoint, LayerFilter} from '@tfjs-capture/hooks';
import {any} from '../../src/combine-filters.js';
import {downstreamOf, upstreamOf} from '../../src/filter-by-graph.js';
import {errorOf} from '../error-of.js';
import type {LayerKind} from '../fidelity/layer-kinds.js';
import {buildPlan} from '../fidelity/model-plans.js';
import type {Plan} from '../fidelity/model-plans.js';
import {KINDS_BY_SHAPE, plansAndShapes} from '../fidelity/random-plans.js';
import {seeded} from '../fidelity/seeded-values.js';

type Layer = layers.Layer;

const xOf = ({inputs}: LayersModel): Tensor[] =>
  inputs.map(({shape}, i) => seeded([2, ...(shape.slice(1) as number[])], i + 1));

/** Names of the hook points that a filter selects. */
const selected = (whole: LayersModel, filter: LayerFilter): string[] =>
  tf.tidy(() => withCapture(() => whole.predict(xOf(whole)), {layers: filter}).names());

/** All hook points of one pass. */
function pointsOf(whole: LayersModel): readonly HookPoint[] {
  let points: readonly HookPoint[] = [];
  tf.tidy(() => {
    points = withCapture(() => whole.predict(xOf(whole))).records;
  });
  return points;
}

/** Names of the hook points that are NaN if a layer's output is. */
function spoilt(whole: LayersModel, name: string): string[] {
  return tf.tidy(() => {
    const edit = {[name]: {output: (value: Tensor) => tf.mul(value, NaN)}};
    const capture = withCapture(() => whole.predict(xOf(whole)), {edit});
    const hit = capture.records.filter(({pre}) => pre!.dataSync().some(Number.isNaN));
    const names = new Set(hit.map((record) => record.name));
    return capture.names().filter((other) => other !== name && names.has(other));
  });
}

/** The same plan, of activation functions that let NaN through on every backend. */
function smooth(plan: Plan): Plan {
  switch (plan.part) {
    case 'layer':
      return {...plan, activation: 'tanh'};
    case 'chain':
      return {...plan, parts: plan.parts.map(smooth)};
    case 'branches':
      return {...plan, arms: plan.arms.map(smooth)};
    case 'nested':
    case 'twice':
      return {...plan, body: smooth(plan.body)};
    case 'shared':
      return {...plan, body: smooth(plan.body), other: smooth(plan.other)};
  }
}

test('random models: downstream is what a layer changes, upstream is what changes it', () => {
  fc.assert(
    fc.property(plansAndShapes, fc.nat(), ({on, plan}, place) => {
      const kinds: readonly LayerKind[] = KINDS_BY_SHAPE[on];
      const {model: whole, dispose} = buildPlan(smooth(plan), kinds);
      try {
        const points = pointsOf(whole);
        const names = [...new Set(points.map((point) => point.name))];
        const chosen = (filter: (point: HookPoint) => boolean) =>
          new Set(points.filter(filter).map((point) => point.name));
        const name = names[place % names.length]!;
        const changed = new Set(spoilt(whole, name));
        expect(chosen(downstreamOf(name, whole))).toEqual(changed);
        const others = names.filter((other) => other !== name);
        const before = new Set(
          others.filter((other) => chosen(downstreamOf(other, whole)).has(name)),
        );
        expect(chosen(upstreamOf(name, whole))).toEqual(before);
        if (name.includes('/')) return;
        const layer = whole.getLayer(name);
        expect(chosen(downstreamOf(layer))).toEqual(changed);
        expect(chosen(upstreamOf(layer))).toEqual(before);
        expect(chosen(upstreamOf(layer, whole))).toEqual(before);
      } finally {
        dispose();
      }
    }),
    {numRuns: 60},
  );
});

const tanh = (name: string, units = 4): Layer => layers.dense({name, units, activation: 'tanh'});
const apply = (layer: Layer, ...xs: SymbolicTensor[]): SymbolicTensor =>
  layer.apply(xs) as SymbolicTensor;
const chain = (name: string, ...parts: Layer[]): LayersModel => {
  const x = input({shape: [4]});
  const outputs = parts.reduce((y, part) => apply(part, y), x);
  return model({name, inputs: x, outputs});
};

describe('nested models', () => {
  const encoder = chain('encoder', tanh('a'), chain('block', tanh('b'), tanh('c')), tanh('d'));
  const x = input({shape: [4]});
  const stem = apply(tanh('stem'), x);
  const side = apply(tanh('side'), stem);
  const coded = apply(encoder, stem);
  const head = apply(tanh('head'), apply(layers.add({name: 'join'}), coded, side));
  const whole = model({name: 'whole', inputs: x, outputs: head});

  test.each<[string, string[], string[]]>([
    ['encoder/block/b', ['encoder/block/c', 'encoder/d', 'head'], ['stem', 'encoder/a']],
    ['a', ['encoder/block/b', 'encoder/block/c', 'encoder/d', 'head'], ['stem']],
    ['block', ['encoder/d', 'head'], ['stem', 'encoder/a']],
    ['encoder', ['head'], ['stem']],
    [
      'stem',
      ['encoder/a', 'encoder/block/b', 'encoder/block/c', 'encoder/d', 'side', 'head'].sort(),
      [],
    ],
    ['side', ['head'], ['stem']],
    [
      'join',
      ['head'],
      ['stem', 'encoder/a', 'encoder/block/b', 'encoder/block/c', 'encoder/d', 'side'],
    ],
  ])('%s', (name, after, before) => {
    expect(selected(whole, downstreamOf(name, whole)).sort()).toEqual(after.sort());
    expect(selected(whole, upstreamOf(name, whole)).sort()).toEqual(before.sort());
  });

  test('with the layer itself', () => {
    const filter = any('head', upstreamOf('side', whole));
    expect(selected(whole, filter)).toEqual(['stem', 'head']);
  });

  test('without the model, a layer tells of the models that it is directly part of', () => {
    const block = encoder.getLayer('block') as LayersModel;
    expect(selected(whole, downstreamOf(block.getLayer('b')))).toEqual(['encoder/block/c']);
    expect(selected(whole, downstreamOf(block))).toEqual(['encoder/d']);
    expect(selected(whole, upstreamOf(encoder))).toEqual(['stem']);
  });

  test('another model over the same layers counts without the model, not with one', () => {
    const other = model({inputs: x, outputs: apply(tanh('elsewhere'), side)});
    const layer = whole.getLayer('side');
    const layersOf = (filter: LayerFilter) => [selected(whole, filter), selected(other, filter)];
    expect(layersOf(downstreamOf(layer))).toEqual([['head'], ['elsewhere']]);
    expect(layersOf(downstreamOf(layer, whole))).toEqual([['head'], []]);
  });
});

test('a nested model that is used twice in a row follows itself', () => {
  const twice = chain('twice', tanh('a'), tanh('b'), tanh('c'));
  const x = input({shape: [4]});
  const whole = model({inputs: x, outputs: apply(twice, apply(twice, x))});
  expect(selected(whole, downstreamOf('b', whole))).toEqual(['twice/a', 'twice/c']);
  expect(selected(whole, downstreamOf('b', whole))).toEqual(spoilt(whole, 'twice/b'));
  expect(selected(whole, upstreamOf('b', whole))).toEqual(['twice/a', 'twice/c']);
});

test('a layer in two nested models follows what goes before either', () => {
  const shared = tanh('shared');
  const [one, two] = [chain('one', tanh('a'), shared), chain('two', shared, tanh('b'))];
  const x = input({shape: [4]});
  const outputs = [apply(one, x), apply(two, apply(tanh('c'), x))];
  const whole = model({inputs: x, outputs});
  expect(selected(whole, upstreamOf(shared, whole)).sort()).toEqual(['c', 'one/a']);
  expect(selected(whole, upstreamOf('two/shared', whole))).toEqual(['c']);
  expect(selected(whole, downstreamOf('shared', whole))).toEqual(['two/b']);
});

test('wrappers, RNNs and cells that are stacked', () => {
  const cells = ['first', 'second', 'third'].map((name) => layers.gruCell({name, units: 2}));
  const whole = sequential({
    layers: [
      layers.timeDistributed({
        name: 'td',
        layer: chain('inner', tanh('a'), tanh('b')),
        inputShape: [3, 4],
      }),
      layers.bidirectional({
        name: 'both',
        mergeMode: 'concat',
        layer: layers.lstm({name: 'l', units: 2, returnSequences: true}),
      }),
      layers.rnn({name: 'rnn', cell: cells, returnSequences: true}),
      tanh('head', 2),
    ],
  });
  const [both, stack] = [['both/forward_l/l', 'both/backward_l/l'], selected(whole, 'rnn/**')];
  expect(selected(whole, downstreamOf('a', whole))).toEqual([
    'td/inner/b',
    ...both,
    ...stack,
    'head',
  ]);
  expect(selected(whole, downstreamOf('td', whole))).toEqual([...both, ...stack, 'head']);
  expect(selected(whole, upstreamOf('rnn', whole))).toEqual(['td/inner/a', 'td/inner/b', ...both]);
  expect(selected(whole, downstreamOf('forward_l', whole))).toEqual([...stack, 'head']);
  expect(selected(whole, downstreamOf('second', whole))).toEqual([stack[2], 'head']);
  expect(selected(whole, upstreamOf(cells[1]!, whole))).toEqual([
    'td/inner/a',
    'td/inner/b',
    ...both,
    stack[0],
  ]);
  expect(selected(whole, downstreamOf(whole.layers[1]!))).toEqual([...stack, 'head']);
});

test('a Sequential that nobody has built, and a layer that knows its caller', () => {
  class Holder extends layers.Layer {
    static readonly className: string = 'FilteredHolder';
    readonly parts = [tanh('p'), tanh('q')];
    self?: Layer;
    override call(inputs: Tensor | Tensor[]): Tensor {
      return this.parts.reduce<Tensor>((y, part) => part.apply(y) as Tensor, [inputs].flat()[0]!);
    }
  }
  const holder = new Holder({name: 'holder'});
  holder.self = holder;
  Object.assign(holder.parts[0]!, {parent: holder});
  const whole = sequential({
    layers: [
      layers.dense({name: 'in', units: 4, activation: 'tanh', inputShape: [4]}),
      holder,
      tanh('out'),
    ],
  });
  const filter = downstreamOf('p', whole);
  expect(selected(whole, filter)).toEqual(['out']);
  expect(selected(whole, downstreamOf('in', whole))).toEqual(['holder/p', 'holder/q', 'out']);
});

describe('what is wrong', () => {
  const inner = () => chain('encoder', tanh('conv'), tanh('proj'));
  const decoder = chain('decoder', tanh('conv'));
  const whole = sequential({layers: [layers.inputLayer({inputShape: [4]}), inner(), decoder]});

  test.each<[string, unknown, unknown, new (...args: never[]) => Error, RegExp]>([
    [
      'a misspelt name',
      'encoder/convv',
      whole,
      LayerNotFoundError,
      /got its name\. Did you mean 'encoder\/conv'/,
    ],
    ['a name like no other', 'zzzzzzzz', whole, LayerNotFoundError, /summary/],
    [
      'a name of several',
      'conv',
      whole,
      AmbiguousLayerError,
      /got 'encoder\/conv', 'decoder\/conv'/,
    ],
    ['part of a segment', 'roj', whole, LayerNotFoundError, /Did you mean 'encoder\/proj'/],
    [
      'a layer of another model',
      tanh('other'),
      whole,
      LayerNotFoundError,
      /'other' must be a layer/,
    ],
    [
      'a name alone',
      'conv',
      undefined,
      CaptureArgumentError,
      /a name needs its model, got 'conv' alone/,
    ],
    ['no layer', 3, whole, CaptureArgumentError, /must be a name or a layer object, got 3/],
    ['no model', 'conv', {}, CaptureArgumentError, /must be a LayersModel or a GraphModel, got/],
    ['a layer for a model', 'conv', tanh('a'), CaptureArgumentError, /must be a LayersModel or/],
    ['null', 'conv', null, CaptureArgumentError, /got null/],
  ])('%s', (_, layer, of, kind, what) => {
    for (const [filter, name] of [
      [downstreamOf, 'downstreamOf'],
      [upstreamOf, 'upstreamOf'],
    ] as const) {
      const error = errorOf(() => filter(layer as string, of as LayersModel));
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toMatch(what);
      expect(error.message).toMatch(new RegExp(`^${name}: .+, got .+\\. .+`));
    }
  });
});
