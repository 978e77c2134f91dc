// Every pretrained GraphModel from npm: what is recorded is what ran, and the result is what it is without us.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';
import type {ActivationRecord, Capture, CaptureOptions} from '@tfjs-capture/hooks';
import {download, expectSameBits, listOf} from '../fidelity/float-bits.js';
import type {Contents} from '../fidelity/float-bits.js';
import {witnessActivations} from './activation-witness.js';
import type {ComposedPattern, Witnessed} from './activation-witness.js';
import {nodeNameOf} from './graph-artifacts.js';
import type {GraphArtifacts} from './graph-artifacts.js';
import {GRAPH_MODELS, loadFromDisk, modelOf, seededInput} from './load-graph-models.js';
import type {GraphModelSource} from './load-graph-models.js';
import {preNameOf, splitFusedNodes} from './rewrite-fused-node.js';

/** On the CPU backend these tests take some ten passes: of anything slower that is half a minute, and shows nothing new. */
const CPU_LIMIT_MS = 800;
const isSlowHere = ({cpuMilliseconds}: GraphModelSource): boolean =>
  tf.getBackend() === 'cpu' && cpuMilliseconds > CPU_LIMIT_MS;
const models = GRAPH_MODELS.filter((source) => !isSlowHere(source));
const slow = GRAPH_MODELS.filter(isSlowHere).map(({name}) => name);

if (slow.length > 0) {
  test.skip(`${slow.join(', ')}: seconds per pass on the CPU backend, run on WASM alone`, () => {});
}

/** How many hook points each model has: counted by hand from its model.json, so that no witness can lose one. */
const COUNTS: Readonly<Record<string, string>> = {
  antispoof: '3 relu by Relu, 1 relu by _FusedMatMul, 1 sigmoid by Sigmoid',
  blazeface: '2 relu by FusedConv2D, 31 relu by Relu',
  centernet:
    '20 hardSwish by composed, 17 relu by FusedConv2D, 6 relu by FusedDepthwiseConv2D, ' +
    '3 relu by Relu, 8 relu6 by Relu6, 2 sigmoid by Sigmoid',
  emotion: '4 relu by FusedConv2D, 1 relu by Relu, 1 softmax by Softmax',
  facemesh: '4 prelu by FusedConv2D, 24 prelu by Prelu, 1 sigmoid by Sigmoid',
  faceres: '27 relu by Relu, 1 relu by _FusedMatMul, 1 sigmoid by Sigmoid, 1 softmax by Softmax',
  'handlandmark-lite': '32 relu6 by Relu6, 2 sigmoid by Sigmoid',
  handtrack: '42 relu6 by FusedConv2D, 17 relu6 by FusedDepthwiseConv2D, 1 sigmoid by Sigmoid',
  iris: '27 prelu by FusedConv2D, 26 prelu by Prelu',
  liveness: '4 relu by FusedConv2D, 1 relu by _FusedMatMul, 1 softmax by Softmax',
  'movenet-lightning':
    '7 relu by FusedConv2D, 18 relu6 by FusedConv2D, 17 relu6 by FusedDepthwiseConv2D, ' +
    '2 sigmoid by Sigmoid',
  mobilenet_v2_mid:
    '18 relu6 by FusedConv2D, 17 relu6 by FusedDepthwiseConv2D, 1 softmax by Softmax',
};

type Outputs = Promise<Tensor[]>;
const runPlain = async ({runsAsync}: GraphModelSource, model: GraphModel, x: Tensor): Outputs =>
  listOf(runsAsync ? await model.executeAsync(x) : model.execute(x));

/** The same inside a scope, which is a synchronous one where the model can be run so. */
const runCaptured = (
  source: GraphModelSource,
  model: GraphModel,
  x: Tensor,
  options?: CaptureOptions,
): Promise<Capture<Tensor[]>> =>
  source.runsAsync
    ? withCapture(() => runPlain(source, model, x), options)
    : Promise.resolve(withCapture(() => listOf(model.execute(x)), options));

/** Runs `fn` for the values of intermediate nodes, by name. */
async function valuesOf(
  {runsAsync}: GraphModelSource,
  model: GraphModel,
  x: Tensor,
  names: readonly string[],
): Promise<Map<string, Tensor>> {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return new Map();
  const values = listOf(
    runsAsync ? await model.executeAsync(x, distinct) : model.execute(x, distinct),
  );
  return new Map(distinct.map((name, i) => [name, values[i]!]));
}

/** centernet's hard-swishes, told by the names of their scopes: x·(1/6), x + 3, Relu6, and the product. */
function hardSwishesOf({modelTopology}: GraphArtifacts): ComposedPattern[] {
  const nodes = new Map(modelTopology.node.map((node) => [node.name, node]));
  return [...nodes.keys()]
    .filter((name) => name.endsWith('/hard_swish/Relu6'))
    .map((relu6) => {
      const scope = relu6.slice(0, -'/Relu6'.length);
      const mulInput = nodes.get(`${scope}/mul`)!.input!.map(nodeNameOf);
      const sixth = mulInput.find((name) => nodes.get(name)!.op === 'Const')!;
      const preNode = mulInput.find((name) => nodes.get(name)!.op !== 'Const')!;
      return {
        last: `${scope}/mul_1`,
        activation: 'hardSwish',
        preNode,
        inner: [relu6],
        activate: (pre, model) => {
          const weights = model.weights as Record<string, Tensor[]>;
          return tf.mul(tf.mul(pre, weights[sixth]![0]!), tf.relu6(tf.add(pre, 3)));
        },
      };
    });
}

describe.each(models)('$name', (source) => {
  let artifacts: GraphArtifacts;
  let model: GraphModel;
  let x: Tensor;
  let expected: Witnessed[];
  let plain: Contents[];
  let capture: Capture<Tensor[]>;
  let profiledKernels: string[];
  /** What has been set up, if only in part, and must be taken down. */
  const ends: (() => void)[] = [];

  beforeAll(async () => {
    ({artifacts, model} = await loadFromDisk(source));
    ends.push(() => model.dispose());
    x = seededInput(model, source);
    ends.push(() => x.dispose());
    const outputs = model.outputs.map(({name}) => name);
    expected = witnessActivations(artifacts, outputs, hardSwishesOf(artifacts));
    const profile = await tf.profile(async () => await runPlain(source, model, x));
    const results = profile.result as Tensor[];
    profiledKernels = profile.kernels.map(({name}) => name);
    plain = results.map(download);
    tf.dispose(results);
    capture = await runCaptured(source, model, x, {record: ['pre', 'post']});
    ends.push(
      () => capture.dispose(),
      () => tf.dispose(capture.result),
    );
  });

  afterAll(() => {
    for (const end of ends) end();
  });

  const recordOf = (name: string): ActivationRecord =>
    capture.records.find((record) => record.name === name)!;

  test('records each node that ran an activation, once, and nothing else', () => {
    const summary = (
      points: readonly {name: string; activation: string | null; kernel: string | null}[],
    ) => points.map(({name, activation, kernel}) => `${name}: ${activation} by ${kernel}`).sort();
    expect(countKinds(expected)).toBe(COUNTS[source.name]);
    expect(summary(capture.records)).toEqual(summary(expected));
    for (const {name, path, pass, call, slot} of capture.records) {
      expect({path, pass, call, slot}).toEqual({path: name.split('/'), pass: 0, call: 0, slot: 0});
    }
  });

  test('as many activation kernels are recorded alone as tf.profile sees without capture', () => {
    const inner = hardSwishesOf(artifacts).map(() => 'Relu6');
    const alone = expected.filter(({preNode, kernel}) => preNode !== null && kernel !== 'composed');
    const kernels = new Set(['Relu', 'Relu6', 'Prelu', 'Sigmoid', 'Softmax', 'Elu', 'Tanh']);
    expect([...alone.map(({kernel}) => kernel), ...inner].sort()).toEqual(
      profiledKernels.filter((name) => kernels.has(name)).sort(),
    );
  });

  test('gives the result of plain execution, bit for bit', () => {
    expect(capture.result.length).toBe(plain.length);
    plain.forEach((result, i) => expectSameBits(`output ${i}`, capture.result[i]!, result));
  });

  test('activation(pre) is post, bit for bit', () => {
    for (const {name, activate} of expected) {
      const {pre, post} = recordOf(name);
      tf.tidy(() => expectSameBits(`activation of ${name}`, activate(pre!, model), post!));
    }
  });

  test('pre and post of a node that activates alone are its input and output', async () => {
    const alone = expected.filter(({preNode}) => preNode !== null);
    const names = alone.flatMap(({name, preNode}) => [preNode!, name]);
    const values = await valuesOf(source, model, x, names);
    for (const {name, preNode} of alone) {
      expectSameBits(`pre of ${name}`, recordOf(name).pre!, values.get(preNode!)!);
      expectSameBits(`post of ${name}`, recordOf(name).post!, values.get(name)!);
    }
    tf.dispose([...values.values()]);
  });

  test('pre of every fused node is that of the node rewritten by hand', async () => {
    const fused = expected.filter(({preNode}) => preNode === null).map(({name}) => name);
    const split = await modelOf(splitFusedNodes(artifacts, fused));
    const values = await valuesOf(source, split, x, [...fused.map(preNameOf), ...fused]);
    for (const name of fused) {
      expectSameBits(`pre of ${name}`, recordOf(name).pre!, values.get(preNameOf(name))!);
      expectSameBits(`post of ${name}`, recordOf(name).post!, values.get(name)!);
    }
    tf.dispose([...values.values()]);
    split.dispose();
  });

  test('leaves no tensor, no bytes and no data behind', async () => {
    const held = () => {
      const {numTensors, numBytes, numDataBuffers} = tf.memory();
      return {numTensors, numBytes, numDataBuffers, dataIds: tf.backend().numDataIds()};
    };
    const before = held();
    tf.dispose(await runPlain(source, model, x));
    expect(held()).toEqual(before);
    const record = ['pre', 'post', 'output'] as const;
    const again = await runCaptured(source, model, x, {record});
    const {tensors} = again.memory();
    expect(held().numTensors - before.numTensors).toBe(tensors + again.result.length);
    tf.dispose(again.result);
    again.dispose();
    expect(held()).toEqual(before);
  });
});

/** Such as '2 relu by Relu, 1 softmax by Softmax'. */
function countKinds(points: readonly Witnessed[]): string {
  const counts = new Map<string, number>();
  for (const {activation, kernel} of points) {
    const kind = `${activation} by ${kernel}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .map(([kind, count]) => `${count} ${kind}`)
    .sort((a, b) => (a.slice(a.indexOf(' ')) < b.slice(b.indexOf(' ')) ? -1 : 1))
    .join(', ');
}
