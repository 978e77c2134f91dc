// Edits that give what cannot be used, and wrong options: what is said, and that nothing stays behind.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

import {CaptureArgumentError, nameScope, withCapture} from '@tfjs-capture/hooks';
import type {Edits} from '@tfjs-capture/hooks';
import {bitsKey} from '../fidelity/float-bits.js';
import {CELL_KINDS} from '../fidelity/recurrent-cells.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {buildGraphModel, seededWeight} from '../graph-models/graph-fixture.js';
import {KINDS} from './edits-by-hand.js';

const relu = {activation: 'relu'} as const;
const net = sequential({
  layers: [
    layers.dense({name: 'dense', units: 4, inputShape: [3, 2], ...relu}),
    layers.conv1d({name: 'conv1d', filters: 3, kernelSize: 2, activation: 'tanh'}),
    layers.activation({name: 'swish', activation: 'swish'}),
    layers.reshape({name: 'image', targetShape: [2, 3, 1]}),
    layers.conv2d({name: 'conv', filters: 3, kernelSize: 1, ...relu, dataFormat: 'channelsFirst'}),
    layers.leakyReLU({name: 'leaky'}),
  ],
});
setSeededWeights(net);
const x = seeded([2, 3, 2], 1);
const gone = tf.ones([1]);
gone.dispose();

const noted: Record<string, string> = {
  dense: 'float32 \\[2,3,4\\]',
  conv1d: 'float32 \\[2,2,3\\]',
  swish: 'float32 \\[2,2,3\\]',
  conv: 'float32 \\[2,3,3,1\\]',
  leaky: 'float32 \\[2,3,3,1\\]',
};

const BAD: readonly (readonly [string, (value: Tensor) => unknown, string])[] = [
  ['another shape', () => tf.ones([2, 9]), 'float32 \\[2,9\\]'],
  ['a transposed shape', (value) => tf.transpose(value), 'float32 \\[.*\\]'],
  ['another dtype', (value) => tf.onesLike(value).toInt(), 'int32 \\[.*\\]'],
  ['a disposed tensor', () => gone, 'a disposed tensor'],
  ['a promise', () => Promise.resolve(), 'an object of class Promise'],
  ['null', () => null, 'null'],
  ['a number', () => 3, '3'],
  ['a list', (value) => [value], 'an array of 1'],
];

/** Ways to run the model; each is what a user may call. */
const WAYS: readonly (readonly [string, () => unknown])[] = [
  ['predict', () => net.predict(x)],
  ['apply', () => net.apply(x)],
  ['taped', () => tf.grad((input) => tf.sum(net.apply(input) as Tensor))(x)],
];

const plain = (): string => tf.tidy(() => bitsKey(net.predict(x) as Tensor));
const expected = plain();

const untouched = footprint(net);
const held = (): readonly number[] => {
  const {numTensors, numDataBuffers, numBytes} = tf.memory();
  return [numTensors, numDataBuffers, numBytes, tf.backend().numDataIds()];
};

/** Runs `fn`, which fails, and checks that nothing is left of it. */
function failure(fn: () => unknown, isTaped = false): unknown {
  const before = held();
  let error: unknown = null;
  tf.tidy(() => {
    try {
      fn();
    } catch (thrown) {
      error = thrown;
    }
  });
  // tfjs keeps what its tape had saved when a function that it differentiates fails.
  if (!isTaped) expect(held()).toEqual(before);
  return error;
}

/** That nothing is left installed, and that the model gives what it gave. */
function expectUntouched(): void {
  const after = footprint(net);
  expect(after).toEqual({...untouched, memory: after.memory});
  expect(plain()).toBe(expected);
}

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
  expectUntouched();
});

describe.each(WAYS)('%s', (way, run) => {
  const isTaped = way === 'taped';

  describe.each(Object.keys(noted))('%s', (name) => {
    test.each(KINDS)('%s', (kind) => {
      for (const [, edit, got] of BAD) {
        const error = failure(
          () => withCapture(run, {edit: {[name]: {[kind]: edit as never}}}),
          isTaped,
        );
        expect(error).toBeInstanceOf(CaptureArgumentError);
        expect((error as Error).message).toMatch(
          new RegExp(
            `^withCapture: the edit of '${name}' must return a tensor ${noted[name]}, got ${got}\\. Or return undefined,`,
          ),
        );
      }
      const mine = new Error('mine');
      const throwing = (): never => {
        throw mine;
      };
      expect(failure(() => withCapture(run, {edit: {[name]: {[kind]: throwing}}}), isTaped)).toBe(
        mine,
      );
      expect(
        failure(
          () =>
            withCapture(run, {
              edit: {'*': () => undefined, [name]: {[kind]: [() => undefined, throwing]}},
            }),
          isTaped,
        ),
      ).toBe(mine);
    });
  });
});

test('without a tidy around, predict leaves nothing', () => {
  const before = footprint(net);
  for (const name of Object.keys(noted)) {
    for (const kind of KINDS) {
      for (const [, edit] of BAD.slice(3)) {
        expect(() =>
          withCapture(() => net.predict(x), {edit: {[name]: {[kind]: edit as never}}}),
        ).toThrow(CaptureArgumentError);
      }
    }
  }
  expect(footprint(net)).toEqual(before);
});

test.each(CELL_KINDS)('in a cell of $name', (kind) => {
  const cell = sequential({
    layers: [
      layers.inputLayer({inputShape: [3, ...kind.inputShape]}),
      kind.layer({activation: 'tanh', recurrentActivation: 'sigmoid'}),
    ],
  });
  const sequence = seeded([2, 3, ...kind.inputShape], 1);
  tf.dispose(cell.predict(sequence));
  const before = footprint(cell);
  const mine = new Error('mine');
  for (const call of [0, 2]) {
    for (const at of KINDS) {
      const edit: Edits = {
        '**': {
          [at](_: Tensor, point: {call: number}) {
            if (point.call === call) throw mine;
            return undefined;
          },
        },
      };
      let error: unknown = null;
      try {
        withCapture(() => cell.predict(sequence), {edit});
      } catch (thrown) {
        error = thrown;
      }
      // Outputs are met once per call; the layer's own is call 0.
      if (call === 0 || at !== 'output' || error) expect(error).toBe(mine);
      expect(footprint(cell)).toEqual(before);
    }
  }
});

describe('graphs', () => {
  let graph: GraphModel;
  beforeAll(async () => {
    graph = await buildGraphModel({
      inputs: {x: [-1, 2]},
      weights: {w: seededWeight([2, 3], 1), b: seededWeight([3], 2)},
      nodes: [
        {
          name: 'fused',
          op: '_FusedMatMul',
          inputs: ['x', 'w', 'b'],
          attrs: {num_args: 1, fused_ops: ['BiasAdd', 'Relu']},
        },
        {name: 'elu', op: 'Elu', inputs: ['fused']},
        {name: 'gate', op: 'Sigmoid', inputs: ['elu']},
        {name: 'swish', op: 'Mul', inputs: ['elu', 'gate']},
        {name: 'end', op: 'Tanh', inputs: ['swish']},
      ],
      outputs: ['end'],
    });
  });
  afterAll(() => graph.dispose());

  test.each(['fused', 'elu', 'swish', 'end'])('%s', async (name) => {
    const input = seeded([4, 2], 1);
    const before = footprint(net);
    for (const kind of KINDS) {
      for (const [, edit, got] of BAD) {
        const options = {edit: {[name]: {[kind]: edit as never}}};
        const message = new RegExp(
          `the edit of '${name}' must return a tensor float32 \\[4,3\\], got ${got}`,
        );
        tf.tidy(() => {
          expect(() => withCapture(() => graph.execute(input), options)).toThrow(message);
        });
        expect(footprint(net)).toEqual(before);
      }
    }
    const result = tf.tidy(() => bitsKey(graph.execute(input) as Tensor));
    const edited = tf.tidy(() =>
      bitsKey(
        withCapture(() => graph.execute(input) as Tensor, {edit: {[name]: () => undefined}}).result,
      ),
    );
    expect(edited).toBe(result);

    // tfjs itself leaves what had been computed when an asynchronous execution fails: no more than that.
    const mine = new Error('mine');
    const fail = (): never => {
      throw mine;
    };
    const held = tf.memory().numTensors;
    for (const kind of KINDS) {
      const async = withCapture(() => graph.executeAsync(input), {
        record: ['pre', 'post', 'output'],
        edit: {[name]: {[kind]: fail}},
      });
      await expect(async).rejects.toBe(mine);
    }
    expect(tf.memory().numTensors - held).toBeLessThanOrEqual(3 * 5);
    const after = footprint(net);
    expect(after).toEqual({...before, memory: after.memory});
    input.dispose();
  });
});

test('raw operations', () => {
  tf.tidy(() => {
    const run = () =>
      nameScope('raw', () =>
        tf.fused.matMul({a: tf.ones([2, 3]), b: tf.ones([3, 4]), activation: 'relu'}),
      );
    expect(() => withCapture(run, {edit: {raw: () => tf.ones([3])}})).toThrow(
      "withCapture: the edit of 'raw' must return a tensor float32 [2,4], got float32 [3].",
    );
  });
});

describe('wrong options', () => {
  test.each<[string, unknown, string]>([
    ['a function', () => undefined, 'edit must be edits by the names of layers, .*, got '],
    ['a number', 3, 'edit must be edits .*, got 3'],
    ['a name', 'dense', "edit must be edits .*, got 'dense'"],
    ['true', true, 'edit must be edits .*, got true'],
    [
      'null for an edit',
      {dense: null},
      "an edit is a function, at 'pre', 'post' or 'output', got null. Check 'dense'",
    ],
    [
      'a tensor for an edit',
      {dense: {pre: x}},
      "an edit is a function, .*, got an object of class Tensor. Check 'pre' of 'dense'",
    ],
    ['a number for an edit', {dense: 3}, "an edit is a function, .*, got 3. Check 'dense'"],
    [
      'a misspelt kind',
      {dense: {before: () => undefined}},
      "an edit is a function, .*Check 'before' of 'dense'",
    ],
    [
      'a list with something else',
      {dense: [() => undefined, null]},
      "got null. Check 'pre' of 'dense'",
    ],
    ['a function in an array', [() => undefined], 'got a function. Check the array'],
    ['null in an array', [null], 'got null. Check the array'],
    [
      'a filter that is none',
      [{layers: 3, pre: () => undefined}],
      'layers must be a glob, .*, got 3',
    ],
  ])('%s', (_, edit, message) => {
    let ran = false;
    const error = failure(() => withCapture(() => (ran = true), {edit: edit as Edits}));
    expect(error).toBeInstanceOf(CaptureArgumentError);
    expect((error as Error).message).toMatch(
      new RegExp(`^withCapture: ${message.startsWith('got') ? '.*' : ''}${message}`),
    );
    expect(ran).toBe(false);
  });
});
