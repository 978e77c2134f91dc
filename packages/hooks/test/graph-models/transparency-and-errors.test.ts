// A capture changes nothing of a GraphModel: not while it lasts, not afterwards, and not if something fails.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {download, expectSameBits, listOf} from '../fidelity/float-bits.js';
import type {Contents} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {branchGraph, frameLoopGraph, loopGraph} from './control-flow-graphs.js';
import {customOpGraph, ticks, whileCustom} from './custom-ops.js';
import {graphClasses, graphObjects, haveSameShape, isFast, nodesOf} from './executor-footprint.js';
import {buildGraphModel, graphArtifacts} from './graph-fixture.js';
import {modelOf} from './load-graph-models.js';
import {vggLikeGraph} from './vgg-like-graph.js';

const everything: CaptureOptions = {record: ['pre', 'post', 'output']};

// Whose footprint holds what no GraphModel has: kernels, backends, memory.
const bystander = tfl.sequential({layers: [tfl.layers.dense({units: 1, inputShape: [1]})]});
const surroundings = () => {
  const {kernels, methods, memory} = footprint(bystander);
  return {kernels, methods, memory};
};
const traceOf = (model: GraphModel) => ({
  objects: graphObjects(model),
  classes: graphClasses(model),
  ...surroundings(),
});

let model: GraphModel;
let loop: GraphModel;
let frames: GraphModel;
let branch: GraphModel;
let customized: GraphModel;
let x: Tensor;
let rows: Tensor;

beforeAll(async () => {
  model = await buildGraphModel(vggLikeGraph());
  loop = await buildGraphModel(loopGraph('While', 2));
  frames = await buildGraphModel(frameLoopGraph(2));
  branch = await buildGraphModel(branchGraph('If'));
  customized = await buildGraphModel(customOpGraph());
  x = seeded([2, 4, 4, 2], 6);
  rows = seeded([2, 3], 7);
  // Compiles the graphs: that changes executors, capture or not.
  tf.dispose([model.predict(x), customized.predict(rows)]);
  for (const one of [loop, frames]) tf.dispose(await one.executeAsync(rows));
});

/** Before the first capture: what a capture left, one after it would take for granted. */
let pristine: unknown[];
const installable = () => {
  const {kernels, methods} = surroundings();
  // A test here puts a kernel of its own in place, and so changes their order.
  const byName = kernels.flatMap((name, i) =>
    i % 2 === 0 ? [[String(name), kernels[i + 1]]] : [],
  );
  return [graphClasses(model), methods, Object.fromEntries(byName) as unknown];
};
beforeAll(() => {
  pristine = installable();
});
afterEach(() => {
  expect(installable()).toEqual(pristine);
});

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('nothing is changed', () => {
  test('the trace notices what a capture does while it lasts', () => {
    const before = traceOf(model);
    withCapture(() => {
      tf.dispose(model.predict(x));
      const during = traceOf(model);
      expect(during.classes).not.toEqual(before.classes);
      expect(during.kernels).not.toEqual(before.kernels);
    }).dispose();
  });

  test('the trace notices a node that is changed, and that its shape is', async () => {
    const [changed, untouched] = [
      await buildGraphModel(vggLikeGraph()),
      await buildGraphModel(vggLikeGraph()),
    ];
    const before = graphObjects(changed);
    const [node, twin] = [nodesOf(changed).at(-1)!, nodesOf(untouched).at(-1)!];
    expect(haveSameShape(node, twin)).toBe(true);
    const {category} = node as {category: string};
    Object.defineProperty(node, 'category', {get: () => category, configurable: true});
    expect(graphObjects(changed)).not.toEqual(before);
    expect(haveSameShape(node, twin)).toBe(false);
    for (const one of [changed, untouched]) one.dispose();
  });

  test('by a synchronous capture', () => {
    const before = traceOf(model);
    const capture = withCapture(() => model.predict(x) as Tensor, everything);
    expect(capture.records.length).toBeGreaterThan(5);
    capture.result.dispose();
    capture.dispose();
    expect(traceOf(model)).toEqual(before);
  });

  test.each([
    ['a loop', () => loop],
    ['a loop of TensorFlow 1', () => frames],
  ])('by an asynchronous capture of %s', async (_, get) => {
    const one = get();
    const before = traceOf(one);
    const capture = await withCapture(() => one.executeAsync(rows), everything);
    expect(capture.records.length).toBeGreaterThan(5);
    tf.dispose(capture.result);
    capture.dispose();
    expect(traceOf(one)).toEqual(before);
  });

  test('of the model, its executors and nodes, in the middle of an execution', async () => {
    const seen: unknown[][] = [];
    const look = (input: Tensor) => {
      seen.push(graphObjects(customized));
      return tf.clone(input);
    };
    await whileCustom(look, async () => {
      tf.dispose(customized.execute(rows));
      const capture = withCapture(() => customized.execute(rows) as Tensor, everything);
      const asynchronous = await withCapture(() => customized.executeAsync(rows), everything);
      tf.dispose([capture.result, asynchronous.result]);
      capture.dispose();
      asynchronous.dispose();
    });
    expect(seen).toHaveLength(3);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  test('of the shapes that V8 gives to nodes, executors and classes', async () => {
    const artifacts = graphArtifacts(vggLikeGraph());
    const [used, untouched] = [await modelOf(artifacts), await modelOf(artifacts)];
    for (let i = 0; i < 20; i++) {
      for (const one of [used, untouched]) tf.dispose(one.predict(x));
    }
    const objectsOf = (one: GraphModel): object[] => {
      const {executor} = one as unknown as {executor: object};
      return [one, executor, ...nodesOf(one)];
    };
    const shapesDiffer = (): boolean[] =>
      objectsOf(used).map((object, i) => !haveSameShape(object, objectsOf(untouched)[i]!));
    const classes = [Object.getPrototypeOf(used), Object.getPrototypeOf(objectsOf(used)[1])];
    const speeds = () => [...objectsOf(used), ...(classes as object[])].map(isFast);
    const before = [shapesDiffer(), speeds()];
    expect(before[0]).not.toContain(true);
    for (let i = 0; i < 20; i++) {
      const capture = withCapture(() => used.predict(x) as Tensor, everything);
      capture.result.dispose();
      capture.dispose();
    }
    expect([shapesDiffer(), speeds()]).toEqual(before);
    for (const one of [used, untouched]) one.dispose();
  });

  test('by three hundred captures', () => {
    const before = traceOf(model);
    for (let i = 0; i < 300; i++) {
      using capture = withCapture(() => model.predict(x) as Tensor, everything);
      capture.result.dispose();
    }
    expect(traceOf(model)).toEqual(before);
  });
});

describe('nothing is left, and the same error goes on,', () => {
  const error = new Error('mine');
  const fail = (): never => {
    throw error;
  };

  test('when an op throws in the middle of a graph', async () => {
    const before = traceOf(customized);
    await whileCustom(fail, () => {
      expect(() => withCapture(() => customized.execute(rows), everything)).toThrow(error);
    });
    expect(traceOf(customized)).toEqual(before);
    const capture = withCapture(() => customized.execute(rows) as Tensor);
    expect(capture.names()).toEqual(['fused', 'swish', 'tanh']);
    expect(capture.records.map(({pass, call}) => [pass, call])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    capture.result.dispose();
    capture.dispose();
  });

  test('when the function catches it, and goes on with another model', async () => {
    const before = traceOf(customized);
    await whileCustom(fail, () => {
      const capture = withCapture(() => {
        expect(() => customized.execute(rows)).toThrow(error);
        return model.predict(x) as Tensor;
      });
      expect(capture.names().slice(0, 2)).toEqual(['fused', 'vgg19/block1_conv1/Relu']);
      expect(capture.get('vgg19/block1_conv1/Relu')).toMatchObject({pass: 1, call: 0});
      capture.result.dispose();
      capture.dispose();
    });
    expect(traceOf(customized)).toEqual(before);
  });

  test.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(error)],
    ['rejects later', () => ticks().then(fail)],
  ])('when an op %s on the asynchronous route', async (_, run) => {
    const outcome = async (start: () => Promise<unknown>) => {
      const before = tf.memory().numTensors;
      await expect(start()).rejects.toBe(error);
      return tf.memory().numTensors - before;
    };
    const before = traceOf(customized);
    await whileCustom(run, async () => {
      // tfjs itself leaves what the nodes before have given.
      const plain = await outcome(() => customized.executeAsync(rows));
      const captured = await outcome(() =>
        withCapture(() => customized.executeAsync(rows), everything),
      );
      expect(captured).toBe(plain);
    });
    const after = traceOf(customized);
    expect({...after, memory: null}).toEqual({...before, memory: null});
    const capture = await withCapture(() => customized.executeAsync(rows));
    expect(capture.names()).toEqual(['fused', 'swish', 'tanh']);
    tf.dispose(capture.result);
    capture.dispose();
  });

  test.each([
    ['an input of the wrong shape', () => model.predict(rows)],
    ['an output that there is not', () => model.execute(x, ['nowhere'])],
    ['an input that there is not', () => model.execute({nowhere: x})],
    ['control flow in execute', () => loop.execute(rows)],
  ])('for %s', (_, run) => {
    const before = [traceOf(model), traceOf(loop)];
    const plain = messageOf(run);
    expect(messageOf(() => withCapture(run, everything))).toBe(plain);
    expect([traceOf(model), traceOf(loop)]).toEqual(before);
  });

  test('for an If in execute, which goes on though the scope is over', async () => {
    const inputs = {x: rows, flag: tf.scalar(1)};
    const run = () => branch.execute(inputs);
    const growthOf = async (start: () => unknown) => {
      const before = tf.memory().numTensors;
      expect(start).toThrow(/returned a promise/);
      await ticks();
      return tf.memory().numTensors - before;
    };
    await growthOf(run);
    const {memory: _, ...before} = traceOf(branch);
    const plain = await growthOf(run);
    const captured = await growthOf(() => withCapture(run, everything));
    expect(captured).toBe(plain);
    const {memory: __, ...after} = traceOf(branch);
    expect(after).toEqual(before);
    inputs.flag.dispose();
  });

  test('when the function throws after the model has run', () => {
    const before = traceOf(model);
    const run = () => {
      tf.dispose(model.predict(x));
      throw error;
    };
    expect(() => withCapture(run, everything)).toThrow(error);
    expect(traceOf(model)).toEqual(before);
  });

  test('when an inner scope throws, and the outer one records on', () => {
    const before = traceOf(model);
    const outer = withCapture(() => {
      expect(() =>
        withCapture(() => {
          tf.dispose(model.predict(x));
          throw error;
        }, everything),
      ).toThrow(error);
      tf.dispose(model.predict(x));
    });
    expect(outer.find('**/fc1/Relu').map(({pass}) => pass)).toEqual([0, 1]);
    outer.dispose();
    expect(traceOf(model)).toEqual(before);
  });
});

describe('the same as without capture', () => {
  test('is memory at every moment of an execution', async () => {
    const moments: number[][] = [];
    const look = (input: Tensor) => {
      const {numTensors, numBytes, numDataBuffers} = tf.memory();
      moments.push([numTensors, numBytes, numDataBuffers, tf.backend().numDataIds()]);
      return tf.clone(input);
    };
    await whileCustom(look, async () => {
      tf.dispose(customized.execute(rows));
      const capture = withCapture(() => tf.dispose(customized.execute(rows)), everything);
      capture.dispose();
      tf.dispose(await customized.executeAsync(rows));
      const asynchronous = await withCapture(
        async () => tf.dispose(await customized.executeAsync(rows)),
        everything,
      );
      asynchronous.dispose();
    });
    const [plain, captured, plainAsync, capturedAsync] = moments;
    expect(moments).toHaveLength(4);
    expect(captured).toEqual(plain);
    expect(capturedAsync).toEqual(plainAsync);
  });

  test('is what tf.profile sees', async () => {
    const profiled = async () => {
      const {kernels, newBytes, newTensors, peakBytes, result} = await tf.profile(() =>
        model.predict(x),
      );
      tf.dispose(result);
      const seen = kernels.map(({name, bytesAdded, tensorsAdded, inputShapes, outputShapes}) => {
        return {name, bytesAdded, tensorsAdded, inputShapes, outputShapes};
      });
      return {seen, newBytes, newTensors, peakBytes};
    };
    const plain = await profiled();
    const capture = await withCapture(profiled, everything);
    expect(capture.records.length).toBeGreaterThan(5);
    expect(capture.result).toEqual(plain);
    capture.dispose();
  });

  test('is the leak check of IS_TEST', () => {
    const before = tf.env().getBool('IS_TEST');
    tf.env().set('IS_TEST', true);
    try {
      const capture = withCapture(() => model.predict(x) as Tensor, everything);
      expect(capture.records.length).toBeGreaterThan(5);
      tf.dispose(capture.result);
      capture.dispose();
    } finally {
      tf.env().set('IS_TEST', before);
    }
  });

  test.each([
    ['execute', () => model, () => x],
    ['executeAsync', () => loop, () => rows],
  ] as const)(
    'are the tensors that KEEP_INTERMEDIATE_TENSORS keeps: %s',
    async (method, get, of) => {
      const one = get();
      const kept = (): Record<string, Contents[]> =>
        Object.fromEntries(
          Object.entries(one.getIntermediateTensors()).map(([name, tensors]) => [
            name,
            listOf(tensors).map(download),
          ]),
        );
      tf.env().set('KEEP_INTERMEDIATE_TENSORS', true);
      try {
        const plainResult = (await one[method](of())) as Tensor;
        const plain = kept();
        const {numTensors} = tf.memory();
        const capture = await withCapture(
          async () => (await one[method](of())) as Tensor,
          everything,
        );
        expect(capture.records.length).toBeGreaterThan(5);
        const captured = kept();
        expect(Object.keys(captured)).toEqual(Object.keys(plain));
        expect(Object.keys(captured).length).toBeGreaterThan(5);
        for (const [name, tensors] of Object.entries(plain)) {
          tensors.forEach((tensor, i) => expectSameBits(name, captured[name]![i]!, tensor));
        }
        expectSameBits('result', capture.result, plainResult);
        capture.result.dispose();
        capture.dispose();
        expect(tf.memory().numTensors).toBe(numTensors);
        plainResult.dispose();
      } finally {
        one.disposeIntermediateTensors();
        tf.env().set('KEEP_INTERMEDIATE_TENSORS', false);
      }
    },
  );
});

function messageOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected an error');
}
