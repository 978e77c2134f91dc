// Loops and branches: functions of the library, TensorFlow 1's frames, and several executions at a time.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {AmbiguousLayerError, withCapture} from '@tfjs-capture/hooks';
import type {Capture} from '@tfjs-capture/hooks';
import {bitsKey, download, expectSameBits} from '../fidelity/float-bits.js';
import type {Contents} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {
  branchGraph,
  frameLoopGraph,
  KERNEL,
  BIAS,
  loopGraph,
  nestedLoopGraph,
} from './control-flow-graphs.js';
import {buildGraphModel, tensorOf} from './graph-fixture.js';

const SHAPE = [2, 3];
const record = ['pre', 'post'] as const;
const address = ({pass, call, name}: {pass: number; call: number; name: string}): string =>
  `${pass} ${name} ${call}`;
const addresses = ({records}: Capture<unknown>): string[] => records.map(address);

/** The layer that all these graphs repeat, step after step: what goes into its relu and what comes out. */
function unroll(x: Tensor, steps: number): {pre: Contents; post: Contents}[] {
  return downloading(() => {
    const [b, bias] = [tensorOf(KERNEL), tensorOf(BIAS)];
    const reached: {pre: Contents; post: Contents}[] = [];
    let a = x;
    for (let step = 0; step < steps; step++) {
      const pre = tf.fused.matMul({a, b, bias});
      a = tf.relu(pre);
      reached.push({pre: download(pre), post: download(a)});
    }
    return reached;
  });
}

/** What `fn` downloads; its tensors end with it. */
function downloading<T>(fn: () => T): T {
  let result!: T;
  tf.tidy(() => void (result = fn()));
  return result;
}

/** Fails unless the calls of `name` in a pass are the steps of the layer from `x`. */
function expectSteps(
  capture: Capture<unknown>,
  name: string,
  x: Tensor,
  steps: number,
  pass = 0,
): void {
  unroll(x, steps).forEach(({pre, post}, call) => {
    expectSameBits(`pre of ${call}`, capture.pre(name, {pass, call}), pre);
    expectSameBits(`post of ${call}`, capture.post(name, {pass, call}), post);
  });
  expect(() => capture.pre(name, {pass, call: steps})).toThrow(/no hook point/);
}

const held = () => {
  const {numTensors, numBytes, numDataBuffers} = tf.memory();
  return {numTensors, numBytes, numDataBuffers, dataIds: tf.backend().numDataIds()};
};

/** What running `fn` adds to memory: tfjs's loops may leave tensors of their own. */
async function growth(fn: () => Promise<void>): Promise<Record<string, number>> {
  const before: Record<string, number> = held();
  await fn();
  return Object.fromEntries(
    Object.entries(held()).map(([key, value]) => [key, value - before[key]!]),
  );
}

beforeEach(() => {
  // That `If` is no control flow: see tfjs-converter's list of such ops.
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

const built: GraphModel[] = [];
const build = async (spec: Parameters<typeof buildGraphModel>[0]): Promise<GraphModel> => {
  const model = await buildGraphModel(spec);
  built.push(model);
  return model;
};
afterAll(() => {
  for (const model of built) model.dispose();
});

describe.each(['While', 'StatelessWhile'] as const)('%s', (op) => {
  test('shows the function in the path and the iteration as the call', async () => {
    const model = await build(loopGraph(op, 3));
    const x = seeded(SHAPE, 3);
    const plain = (await model.executeAsync(x)) as Tensor;
    const capture = await withCapture(() => model.executeAsync(x) as Promise<Tensor>, {record});
    expect(addresses(capture)).toEqual([
      '0 before 0',
      '0 body/layer/Relu 0',
      '0 body/layer/Relu 1',
      '0 body/layer/Relu 2',
      '0 after 0',
    ]);
    const [first] = capture.find('body/layer/Relu');
    expect(first).toMatchObject({
      path: ['body', 'layer', 'Relu'],
      activation: 'relu',
      kernel: '_FusedMatMul',
      slot: 0,
    });
    expectSameBits('result', capture.result, plain);
    const start = capture.post('before');
    expectSteps(capture, 'body/layer/Relu', start, 3);
    expectSteps(capture, 'layer/Relu', start, 3);
    expectSteps(capture, 'Relu:0', start, 3);
    expect(() => capture.pre('layer/Relu')).toThrow(AmbiguousLayerError);
    expectSameBits('folded', capture.pre('layer/BiasAdd:0', {call: 2}), unroll(start, 3)[2]!.pre);
    tf.dispose([x, plain, capture.result]);
    capture.dispose();
  });

  test.each([0, 1, 5])('that runs %i times', async (steps) => {
    const model = await build(loopGraph(op, steps));
    const x = seeded(SHAPE, 3);
    const capture = await withCapture(() => model.executeAsync(x) as Promise<Tensor>, {record});
    expect(capture.find('body/**').map(({call}) => call)).toEqual(
      Array.from({length: steps}, (_, call) => call),
    );
    if (steps > 0) expectSteps(capture, 'layer/Relu', capture.post('before'), steps);
    tf.dispose([x, capture.result]);
    capture.dispose();
  });

  test('in a loop: the innermost function, and every iteration that there was', async () => {
    const model = await build(nestedLoopGraph(op, 2, 3));
    const x = seeded(SHAPE, 4);
    const plain = (await model.executeAsync(x)) as Tensor;
    const capture = await withCapture(() => model.executeAsync(x) as Promise<Tensor>, {record});
    expectSameBits('result', capture.result, plain);
    const inner = [0, 1, 2].map((call) => `0 inner_body/layer/Relu ${call}`);
    const again = [3, 4, 5].map((call) => `0 inner_body/layer/Relu ${call}`);
    expect(addresses(capture)).toEqual([
      ...inner,
      '0 outer_body/squash 0',
      ...again,
      '0 outer_body/squash 1',
    ]);
    const firstSteps = unroll(x, 3);
    firstSteps.forEach(({pre}, call) => {
      expectSameBits(`pre of ${call}`, capture.pre('inner_body/layer/Relu', {call}), pre);
    });
    expectSameBits('squash', capture.pre('squash', {call: 0}), firstSteps[2]!.post);
    const secondSteps = unroll(capture.post('squash', {call: 0}), 3);
    secondSteps.forEach(({pre}, i) => {
      expectSameBits(`pre of ${i + 3}`, capture.pre('layer/Relu', {call: i + 3}), pre);
    });
    tf.dispose([x, plain, capture.result]);
    capture.dispose();
  });

  test('whose condition activates something: a function like any other', async () => {
    const model = await build(loopGraph(op, 3, {activateInCondition: true}));
    const x = seeded(SHAPE, 3);
    const capture = await withCapture(() => model.executeAsync(x) as Promise<Tensor>, {record});
    expect(capture.find('cond/**').map(({name, call}) => [name, call])).toEqual(
      [0, 1, 2, 3].map((call) => ['cond/gate', call]),
    );
    const steps = unroll(capture.post('before'), 3);
    expectSameBits('gate', capture.pre('cond/gate', {call: 0}), capture.post('before'));
    expectSameBits('gate', capture.pre('cond/gate', {call: 3}), steps[2]!.post);
    tf.dispose([x, capture.result]);
    capture.dispose();
  });

  test('records the output of every node in it', async () => {
    const model = await build(loopGraph(op, 2));
    const x = seeded(SHAPE, 3);
    const capture = await withCapture(() => model.executeAsync(x) as Promise<Tensor>, {
      record: ['output'],
    });
    const steps = unroll(capture.output('before'), 2);
    steps.forEach(({post}, call) => {
      expectSameBits('layer', capture.output('body/layer/Relu', {call}), post);
      expect([...capture.output('body/next', {call}).dataSync()]).toEqual([call + 1]);
    });
    expect([0, 1, 2].map((call) => capture.output('cond/less', {call}).dataSync()[0])).toEqual([
      1, 1, 0,
    ]);
    tf.dispose([x, capture.result]);
    capture.dispose();
  });

  test('leaves in memory what it leaves without capture', async () => {
    const model = await build(nestedLoopGraph(op, 2, 3));
    const x = seeded(SHAPE, 3);
    const run = async () => tf.dispose(await model.executeAsync(x));
    await run();
    const plain = await growth(run);
    const captured = await growth(async () => {
      const capture = await withCapture(() => model.executeAsync(x), {
        record: ['pre', 'post', 'output'],
      });
      expect(capture.records.length).toBeGreaterThan(8);
      tf.dispose(capture.result);
      capture.dispose();
    });
    expect(captured).toEqual(plain);
    tf.dispose(x);
  });
});

describe.each(['If', 'StatelessIf'] as const)('%s', (op) => {
  test.each([
    ['then', 1, ['0 then_branch/layer/Relu 0', '0 after 0']],
    ['else', -1, ['0 else_branch/gate 0', '0 after 0']],
  ] as const)('shows the branch that ran: %s', async (_, flag, expected) => {
    const model = await build(branchGraph(op));
    const x = seeded(SHAPE, 5);
    const inputs = {x, flag: tf.scalar(flag)};
    const plain = (await model.executeAsync(inputs)) as Tensor;
    const capture = await withCapture(() => model.executeAsync(inputs) as Promise<Tensor>, {
      record,
    });
    expect(addresses(capture)).toEqual(expected);
    expectSameBits('result', capture.result, plain);
    if (flag > 0) expectSteps(capture, 'layer/Relu', x, 1);
    else {
      expectSameBits('pre', capture.pre('else_branch/gate'), x);
      const post = downloading(() => download(tf.mul(x, tf.sigmoid(x))));
      expectSameBits('post', capture.post('else_branch/gate'), post);
      expect(capture.get('gate')).toMatchObject({activation: 'swish', kernel: 'composed'});
    }
    tf.dispose([inputs, plain, capture.result]);
    capture.dispose();
  });
});

describe('a loop of TensorFlow 1', () => {
  test('shows the nodes’ own names, and the iteration as the call', async () => {
    const model = await build(frameLoopGraph(3));
    const x = seeded(SHAPE, 6);
    const plain = (await model.executeAsync(x)) as Tensor;
    const capture = await withCapture(() => model.executeAsync(x) as Promise<Tensor>, {record});
    expect(addresses(capture)).toEqual([
      '0 loop/layer/Relu 0',
      '0 loop/layer/Relu 1',
      '0 loop/layer/Relu 2',
      '0 after 0',
    ]);
    expect(capture.records[0]!.path).toEqual(['loop', 'layer', 'Relu']);
    expectSameBits('result', capture.result, plain);
    expectSteps(capture, 'loop/layer/Relu', x, 3);
    tf.dispose([x, plain, capture.result]);
    capture.dispose();
  });

  test('leaves in memory what it leaves without capture', async () => {
    const model = await build(frameLoopGraph(3));
    const x = seeded(SHAPE, 6);
    const run = async () => tf.dispose(await model.executeAsync(x));
    await run();
    const plain = await growth(run);
    const captured = await growth(async () => {
      const capture = await withCapture(() => model.executeAsync(x), {
        record: ['pre', 'post', 'output'],
      });
      tf.dispose(capture.result);
      capture.dispose();
    });
    expect(captured).toEqual(plain);
    tf.dispose(x);
  });
});

describe('several executions', () => {
  const starts = () => [seeded(SHAPE, 7), seeded(SHAPE, 8)] as const;

  test('one after the other in one scope are passes, each with its iterations', async () => {
    const model = await build(loopGraph('While', 2));
    const [a, b] = starts();
    const capture = await withCapture(
      async () => [await model.executeAsync(a), await model.executeAsync(b)] as Tensor[],
      {record},
    );
    const ofPass = (pass: number) => [
      `${pass} before 0`,
      `${pass} body/layer/Relu 0`,
      `${pass} body/layer/Relu 1`,
      `${pass} after 0`,
    ];
    expect(addresses(capture)).toEqual([...ofPass(0), ...ofPass(1)]);
    for (const pass of [0, 1]) {
      expectSteps(capture, 'layer/Relu', capture.post('before', {pass}), 2, pass);
    }
    const joined = downloading(() =>
      download(tf.concat([0, 1].map((pass) => capture.pre('layer/Relu', {pass, call: 1})))),
    );
    expectSameBits('joined', capture.pre('layer/Relu', {call: 1}), joined);
    tf.dispose([a, b, capture.result]);
    capture.dispose();
  });

  test('of two models at a time in one scope', async () => {
    const first = await build(loopGraph('While', 3, {prefix: 'first_'}));
    const second = await build(loopGraph('StatelessWhile', 2, {prefix: 'second_'}));
    const [a, b] = starts();
    const plain = [await first.executeAsync(a), await second.executeAsync(b)] as Tensor[];
    const capture = await withCapture(
      () => Promise.all([first.executeAsync(a), second.executeAsync(b)]) as Promise<Tensor[]>,
      {record},
    );
    plain.forEach((one, i) => expectSameBits(`result ${i}`, capture.result[i]!, one));
    const passOf = (name: string) => [...new Set(capture.find(name).map(({pass}) => pass))];
    expect([passOf('first_*/**'), passOf('second_*/**')]).toEqual([[0], [1]]);
    const start = (pass: number) => capture.post(['first_before', 'second_before'][pass]!);
    expectSteps(capture, 'first_body/layer/Relu', start(0), 3, 0);
    expectSteps(capture, 'second_body/layer/Relu', start(1), 2, 1);
    // They did take turns, or this would show nothing.
    const order = capture.find('*_body/**').map(({pass}) => pass);
    expect(order).not.toEqual([...order].sort());
    tf.dispose([a, b, plain, capture.result]);
    capture.dispose();
  });

  test('of one model at a time in one scope', async () => {
    const model = await build(loopGraph('While', 3));
    const [a, b] = starts();
    const plain = [await model.executeAsync(a), await model.executeAsync(b)] as Tensor[];
    const capture = await withCapture(
      () => Promise.all([model.executeAsync(a), model.executeAsync(b)]) as Promise<Tensor[]>,
      {record},
    );
    plain.forEach((one, i) => expectSameBits(`result ${i}`, capture.result[i]!, one));
    for (const pass of [0, 1]) {
      expectSteps(capture, 'layer/Relu', capture.post('before', {pass}), 3, pass);
      expectSameBits('before', capture.pre('before', {pass}), [a, b][pass]!);
    }
    tf.dispose([a, b, plain, capture.result]);
    capture.dispose();
  });

  test('with a synchronous one in between: it is a pass of its own', async () => {
    const loop = await build(loopGraph('While', 2));
    const plain = await build({
      inputs: {x: [-1, 3]},
      nodes: [{name: 'alone', op: 'Relu', inputs: ['x']}],
      outputs: ['alone'],
    });
    const [a, b] = starts();
    const capture = await withCapture(
      async () => {
        const running = loop.executeAsync(a);
        await Promise.resolve();
        const alone = plain.execute(b);
        return [await running, alone] as Tensor[];
      },
      {record},
    );
    expect(capture.find('alone').map(address)).toEqual(['1 alone 0']);
    expectSameBits('alone', capture.pre('alone'), b);
    expectSteps(capture, 'layer/Relu', capture.post('before'), 2);
    tf.dispose([a, b, capture.result]);
    capture.dispose();
  });

  test('of two models, and of one, in scopes at a time: each records its own', async () => {
    const first = await build(loopGraph('While', 3, {prefix: 'first_'}));
    const second = await build(loopGraph('While', 2, {prefix: 'second_'}));
    const [a, b] = starts();
    const capturing = (model: GraphModel, x: Tensor) =>
      withCapture(() => model.executeAsync(x) as Promise<Tensor>, {record});
    const captures = await Promise.all([
      capturing(first, a),
      capturing(second, b),
      capturing(first, b),
    ]);
    const steps = [3, 2, 3];
    captures.forEach((capture, i) => {
      const prefix = i === 1 ? 'second_' : 'first_';
      expect(new Set(capture.records.map(({pass}) => pass))).toEqual(new Set([0]));
      expect(capture.records).toHaveLength(steps[i]! + 2);
      expect(capture.names().every((name) => name.startsWith(prefix))).toBe(true);
      expectSameBits('input', capture.pre(`${prefix}before`), i === 0 ? a : b);
      expectSteps(capture, 'layer/Relu', capture.post(`${prefix}before`), steps[i]!);
    });
    for (const capture of captures) {
      tf.dispose(capture.result);
      capture.dispose();
    }
    tf.dispose([a, b]);
  });

  test('outside every scope meanwhile are not recorded, nor changed', async () => {
    const model = await build(loopGraph('While', 3));
    const [a, b] = starts();
    const plain = (await model.executeAsync(b)) as Tensor;
    const [capture, outside] = await Promise.all([
      withCapture(() => model.executeAsync(a) as Promise<Tensor>, {record}),
      model.executeAsync(b) as Promise<Tensor>,
    ]);
    expect(addresses(capture)).toHaveLength(5);
    expectSameBits('input', capture.pre('before'), a);
    expect(bitsKey(outside)).toBe(bitsKey(plain));
    tf.dispose([a, b, plain, outside, capture.result]);
    capture.dispose();
  });
});
