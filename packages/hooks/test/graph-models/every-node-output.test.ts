// record: ['output'] gives what every node of a graph gave, activation or not.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {NotRecordedError, withCapture} from '@tfjs-capture/hooks';
import {expectSameBits, listOf} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {reachable} from './activation-witness.js';
import type {GraphArtifacts} from './graph-artifacts.js';
import {buildGraphModel, graphArtifacts, intScalar} from './graph-fixture.js';
import {GRAPH_MODELS, loadFromDisk, modelOf, seededInput} from './load-graph-models.js';
import {frameLoopGraph} from './control-flow-graphs.js';
import {VGG_LIKE_POINTS, vggLikeGraph} from './vgg-like-graph.js';

/** The nodes that computing the outputs runs: constants and inputs are there before. */
const executedNodes = ({modelTopology}: GraphArtifacts, model: GraphModel): string[] => {
  const nodes = new Map(modelTopology.node.map((node) => [node.name, node]));
  const outputs = model.outputs.map(({name}) => name);
  return reachable(nodes, outputs)
    .filter(({op}) => op !== 'Const' && op !== 'Placeholder')
    .map(({name}) => name);
};

const inATidy = async (fn: () => void | Promise<void>): Promise<void> => {
  tf.engine().startScope();
  try {
    await fn();
  } finally {
    tf.engine().endScope();
  }
};

describe('a graph with activations fused and alone', () => {
  const artifacts = graphArtifacts(vggLikeGraph());
  let model: GraphModel;
  let x: Tensor;
  beforeAll(async () => {
    model = await modelOf(artifacts);
    x = seeded([2, 4, 4, 2], 6);
  });
  afterAll(() => {
    model.dispose();
    x.dispose();
  });

  test.each(['execute', 'executeAsync'] as const)('%s', async (method) => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const names = executedNodes(artifacts, model);
    const values = model.execute(x, names) as Tensor[];
    const capture = await withCapture(async () => (await model[method](x)) as Tensor, {
      record: ['output'],
    });
    expect([...capture.names()].sort()).toEqual([...names].sort());
    expect(capture.records).toHaveLength(names.length);
    names.forEach((name, i) => expectSameBits(name, capture.output(name), values[i]!));
    const points = new Map(VGG_LIKE_POINTS.map(([name, ...rest]) => [name as string, rest]));
    for (const {name, path, activation, kernel, pass, call, slot, pre, post} of capture.records) {
      expect([name, activation, kernel]).toEqual([name, ...(points.get(name) ?? [null, null])]);
      expect([path, pass, call, slot]).toEqual([name.split('/'), 0, 0, 0]);
      expect([pre, post]).toEqual([undefined, undefined]);
    }
    expect(() => capture.pre('fc1/Relu')).toThrow(NotRecordedError);
    tf.dispose([values, capture.result]);
    capture.dispose();
    warn.mockRestore();
  });

  test('comes in the order in which the nodes run', () => {
    tf.tidy(() => {
      const order = withCapture(() => model.execute(x), {record: ['output']}).names();
      const place = new Map(order.map((name, i) => [name, i]));
      for (const {name, inputs = []} of vggLikeGraph().nodes) {
        for (const input of inputs) {
          if (place.has(input)) expect(place.get(input)).toBeLessThan(place.get(name)!);
        }
      }
    });
  });

  test('goes with pre and post in one record', () => {
    tf.tidy(() => {
      const capture = withCapture(() => model.execute(x), {record: ['pre', 'post', 'output']});
      const {pre, post, output} = capture.get('block4_conv3/Relu');
      expectSameBits('relu', tf.relu(pre!), post!);
      expectSameBits('output', output!, post!);
      expect(capture.find('**/block4_conv3/Relu')).toHaveLength(1);
      expect(capture.get('pool/Mean')).toMatchObject({activation: null, kernel: null});
      expect(capture.get('pool/Mean').pre).toBeUndefined();
      expect(() => capture.post('pool/Mean')).toThrow();
    });
  });

  test('is selected as hook points are', () => {
    tf.tidy(() => {
      const names = (layers: string) =>
        withCapture(() => model.execute(x), {record: ['output'], layers}).names();
      expect(names('vgg19/fc2/*')).toEqual(['vgg19/fc2/MatMul', 'vgg19/fc2/add', 'vgg19/fc2/Elu']);
      expect(names('**/Mean')).toEqual(['vgg19/pool/Mean']);
    });
  });

  test('shares memory with the model’s tensors, and is there though tfjs disposed of them', () => {
    tf.tidy(() => {
      const capture = withCapture(() => model.execute(x) as Tensor, {record: ['output']});
      expect(capture.output('predictions/Softmax').dataId).toBe(capture.result.dataId);
      const [first] = capture.records;
      expect(first!.output!.dataSync()).toHaveLength(2 * 4 * 4 * 3);
    });
  });
});

test('the first output stands for several, and the first that there is for a switch', async () => {
  const model = await buildGraphModel({
    inputs: {x: [2, 3]},
    weights: {axis: intScalar(1)},
    nodes: [
      {name: 'parts', op: 'Unpack', inputs: ['x'], attrs: {num: 3, axis: 1}},
      {name: 'halves', op: 'Split', inputs: ['axis', 'x'], attrs: {num_split: 3}},
      {name: 'sum', op: 'AddV2', inputs: ['parts:1', 'parts:2']},
      {name: 'squeezed', op: 'Squeeze', inputs: ['halves:1'], attrs: {squeeze_dims: [1]}},
      {name: 'result', op: 'AddV2', inputs: ['sum', 'squeezed']},
    ],
    outputs: ['result'],
  });
  tf.tidy(() => {
    const x = seeded([2, 3], 4);
    const capture = withCapture(() => model.execute(x), {record: ['output']});
    const [parts, halves] = [tf.unstack(x, 1), tf.split(x, 3, 1)];
    expectSameBits('parts', capture.output('parts'), parts[0]!);
    expectSameBits('halves', capture.output('halves'), halves[0]!);
    expectSameBits('sum', capture.output('sum'), tf.add(parts[1]!, parts[2]!));
  });
  model.dispose();

  const loop = await buildGraphModel(frameLoopGraph(2));
  const x = seeded([2, 3], 4);
  const capture = await withCapture(() => loop.executeAsync(x), {record: ['output']});
  expect(capture.find('loop/switch_i').map(({call}) => call)).toEqual([0, 1, 2]);
  expect([0, 1, 2].map((call) => capture.output('loop/switch_i', {call}).dataSync()[0])).toEqual([
    0, 1, 2,
  ]);
  tf.dispose([x, capture.result]);
  capture.dispose();
  loop.dispose();
});

test('a cast shares its data on some backends, and has its own dtype', async () => {
  const cast = (name: string, input: string, from: string, to: string) => ({
    name,
    op: 'Cast',
    inputs: [input],
    attrs: {SrcT: {type: from}, DstT: {type: to}},
  });
  const model = await buildGraphModel({
    inputs: {x: [-1]},
    nodes: [
      cast('int', 'x', 'DT_FLOAT', 'DT_INT32'),
      cast('float', 'int', 'DT_INT32', 'DT_FLOAT'),
      {name: 'relu', op: 'Relu', inputs: ['float']},
    ],
    outputs: ['relu'],
  });
  tf.tidy(() => {
    const x = tf.tensor1d([-1.5, 2.5]);
    const [int, float] = model.execute(x, ['int', 'float']) as Tensor[];
    const capture = withCapture(() => model.execute(x), {record: ['pre', 'output']});
    expectSameBits('int', capture.output('int'), int!);
    expectSameBits('float', capture.output('float'), float!);
    expectSameBits('pre', capture.pre('relu'), float!);
    expect(capture.pre('relu').dtype).toBe('float32');
  });
  model.dispose();
});

test('a composed activation’s parts have outputs, and no activations', async () => {
  const model = await buildGraphModel({
    inputs: {x: [-1]},
    nodes: [
      {name: 'gate', op: 'Sigmoid', inputs: ['x']},
      {name: 'mul', op: 'Mul', inputs: ['x', 'gate']},
    ],
    outputs: ['mul'],
  });
  tf.tidy(() => {
    const x = tf.tensor1d([-1, 0, 2]);
    const capture = withCapture(() => model.execute(x), {record: ['pre', 'post', 'output']});
    expect(capture.records.map(({name, activation}) => [name, activation])).toEqual([
      ['gate', null],
      ['mul', 'swish'],
    ]);
    expectSameBits('gate', capture.output('gate'), tf.sigmoid(x));
    expectSameBits('output', capture.output('mul'), capture.post('mul'));
    expectSameBits('pre', capture.pre('mul'), x);
  });
  model.dispose();
});

describe.each(
  GRAPH_MODELS.filter(({name}) => ['liveness', 'facemesh', 'movenet-lightning'].includes(name)),
)('$name', (source) => {
  test('has the output of every node', async () => {
    const {artifacts, model} = await loadFromDisk(source);
    await inATidy(() => {
      const x = seededInput(model, source);
      const names = executedNodes(artifacts, model);
      const values = listOf(model.execute(x, names));
      const capture = withCapture(() => model.execute(x), {record: ['output']});
      expect([...capture.names()].sort()).toEqual([...names].sort());
      expect(names.length).toBeGreaterThan(20);
      names.forEach((name, i) => expectSameBits(name, capture.output(name), values[i]!));
    });
    model.dispose();
  });
});
