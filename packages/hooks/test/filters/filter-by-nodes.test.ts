// Filters by where a node stands in a GraphModel.
import {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';

import {
  AmbiguousLayerError,
  CaptureArgumentError,
  LayerNotFoundError,
  withCapture,
} from '@tfjs-capture/hooks';
import type {LayerFilter} from '@tfjs-capture/hooks';
import {downstreamOf, upstreamOf} from '../../src/filter-by-graph.js';
import {errorOf} from '../error-of.js';
import {seeded} from '../fidelity/seeded-values.js';
import {branchGraph, loopGraph, nestedLoopGraph} from '../graph-models/control-flow-graphs.js';
import {buildGraphModel} from '../graph-models/graph-fixture.js';
import type {GraphSpec} from '../graph-models/graph-fixture.js';
import {VGG_LIKE_POINTS, vggLikeGraph} from '../graph-models/vgg-like-graph.js';

/** Names of the hook points that filters of a model select. */
async function selected(
  spec: GraphSpec,
  inputs: Readonly<Record<string, readonly number[]>>,
  ...filters: ((model: GraphModel) => LayerFilter)[]
): Promise<string[][]> {
  const model = await buildGraphModel(spec);
  const fed = Object.fromEntries(
    Object.entries(inputs).map(([name, shape], i) => [name, seeded(shape, i + 1)]),
  );
  const names: string[][] = [];
  for (const filter of filters) {
    const capture = await withCapture(async () => model.executeAsync(fed), {layers: filter(model)});
    names.push(capture.names());
    tf.dispose(capture.result);
    capture.dispose();
  }
  tf.dispose(fed);
  model.dispose();
  return names;
}

const image = {image: [2, 4, 4, 2]};
const row = {x: [2, 3]};
const POINTS: readonly string[] = VGG_LIKE_POINTS.map(([name]) => name);

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

test.each(POINTS.map((name, i) => [name, i] as const))('%s', async (name, i) => {
  const [after, before] = await selected(
    vggLikeGraph(),
    image,
    (model) => downstreamOf(name, model),
    (model) => upstreamOf(`${name.split('/').slice(-2).join('/')}:0`, model),
  );
  expect(after).toEqual(POINTS.slice(i + 1));
  expect(before).toEqual(POINTS.slice(0, i));
});

test('a node without an activation, and a branch that does not come from it', async () => {
  const spec: GraphSpec = {
    inputs: {x: [-1, 3]},
    nodes: [
      {name: 'a', op: 'Tanh', inputs: ['x']},
      {name: 'b', op: 'Neg', inputs: ['a']},
      {name: 'b/swish/Sigmoid', op: 'Sigmoid', inputs: ['b']},
      {name: 'b/swish', op: 'Mul', inputs: ['b', 'b/swish/Sigmoid']},
      {name: 'other', op: 'Relu', inputs: ['a']},
      {name: 'sum', op: 'AddV2', inputs: ['b/swish', 'other']},
      {name: 'end', op: 'Elu', inputs: ['sum']},
    ],
    outputs: ['end'],
  };
  const [after, before, joined] = await selected(
    spec,
    row,
    (model) => downstreamOf('b', model),
    (model) => upstreamOf('b', model),
    (model) => upstreamOf('sum', model),
  );
  expect(after).toEqual(['b/swish', 'end']);
  expect(before).toEqual(['a']);
  expect(joined!.sort()).toEqual(['a', 'b/swish', 'other']);
});

test('what a loop or a branch that follows calls', async () => {
  const [after, before, none] = await selected(
    loopGraph('StatelessWhile', 2),
    row,
    (model) => downstreamOf('before', model),
    (model) => upstreamOf('after', model),
    (model) => upstreamOf('loop', model),
  );
  expect(after).toEqual(['body/layer/Relu', 'after']);
  expect(before).toEqual(['before', 'body/layer/Relu']);
  expect(none).toEqual(['before']);
  const nested = await selected(nestedLoopGraph('StatelessWhile', 2, 2), row, (model) =>
    downstreamOf('x', model),
  );
  expect(nested).toEqual([['inner_body/layer/Relu', 'outer_body/squash']]);
  const branches = await selected(branchGraph('StatelessIf'), {...row, flag: []}, (model) =>
    downstreamOf('x', model),
  );
  expect(branches[0]).toContain('after');
  expect(branches[0]!.some((name) => /^(then|else)_branch\//.test(name))).toBe(true);
});

test('what is wrong', async () => {
  const model = await buildGraphModel(vggLikeGraph());
  const misspelt = errorOf(() => downstreamOf('vgg19/fc2/Eluu', model));
  expect(misspelt).toBeInstanceOf(LayerNotFoundError);
  expect(misspelt.message).toMatch(
    /^downstreamOf: .*, got its name\. Did you mean 'vgg19\/fc2\/Elu'/,
  );
  const several = errorOf(() => upstreamOf('Relu', model));
  expect(several).toBeInstanceOf(AmbiguousLayerError);
  expect(several.message).toMatch(/^upstreamOf: several nodes end in 'Relu', got 'vgg19.*\. Use/);
  const layer = errorOf(() => upstreamOf(layers.reLU(), model));
  expect(layer).toBeInstanceOf(CaptureArgumentError);
  expect(layer.message).toMatch(/nodes, which go by name, got an object of class ReLU/);
  const unloaded = errorOf(() => upstreamOf('a', new GraphModel('nowhere')));
  expect(unloaded).toBeInstanceOf(CaptureArgumentError);
  expect(unloaded.message).toMatch(/must be loaded, got/);
  tf.dispose(model.predict(tf.zeros([1, 4, 4, 2])));
  model.dispose();
});
