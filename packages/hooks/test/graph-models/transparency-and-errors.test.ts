// A capture changes nothing of a GraphModel: not while it lasts, not afterwards, and not if something fails.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig, Tensor} from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {download, expectSameBits, listOf} from '../fidelity/float-bits.js';
import type {Contents} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {footprint} from '../footprint.js';
import {branchGraph, frameLoopGraph, loopGraph} from './control-flow-graphs.js';
import {whileCustom} from './custom-ops.js';
import {graphClasses, graphObjects, haveSameShape, isFast, nodesOf} from './executor-footprint.js';
import {buildGraphModel, graphArtifacts, seededWeight} from './graph-fixture.js';
import type {GraphSpec} from './graph-fixture.js';
import {modelOf} from './load-graph-models.js';
import {preNameOf, splitFusedNodes} from './rewrite-fused-node.js';
import {vggLikeGraph} from './vgg-like-graph.js';

const everything: CaptureOptions = {record: ['pre', 'post', 'output']};

/** x → fused relu → a user's own op → swish → tanh. */
const withCustomOp = (): GraphSpec => ({
  inputs: {x: [-1, 3]},
  weights: {kernel: seededWeight([3, 3], 61), bias: seededWeight([3], 62)},
  nodes: [
    {
      name: 'fused',
      op: '_FusedMatMul',
      inputs: ['x', 'kernel', 'bias'],
      attrs: {num_args: 1, fused_ops: ['BiasAdd', 'Relu']},
    },
    {name: 'custom', op: 'Custom', inputs: ['fused']},
    {name: 'gate', op: 'Sigmoid', inputs: ['custom']},
    {name: 'swish', op: 'Mul', inputs: ['custom', 'gate']},
    {name: 'tanh', op: 'Tanh', inputs: ['swish']},
  ],
  outputs: ['tanh'],
});

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
  customized = await buildGraphModel(withCustomOp());
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

const ticks = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

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

describe('gradients', () => {
  const square = (value: Tensor): tf.Scalar => tf.sum(tf.square(value));
  /** As far as WASM has the kernels: the depthwise convolution's gradient it has not. */
  const outputs = () =>
    tf.getBackend() === 'cpu' ? 'predictions/Softmax' : 'vgg19/block4_conv3/Relu';

  test('through a model are what they are without capture', () => {
    tf.tidy(() => {
      const loss = (input: Tensor) => square(model.execute(input, outputs()) as Tensor);
      const plain = tf.grad(loss)(x);
      expect(plain.dataSync().some((value) => value !== 0)).toBe(true);
      const capture = withCapture(() => tf.grad(loss)(x), everything);
      expectSameBits('gradient', capture.result, plain);
      const inside = tf.grad((input) => withCapture(() => loss(input), everything).result)(x);
      expectSameBits('gradient', inside, plain);
    });
  });

  test('of a loss on a captured pre-activation are those of the loss written by hand', async () => {
    const name = 'vgg19/block4_conv3/Relu';
    const split = await modelOf(
      splitFusedNodes(graphArtifacts(vggLikeGraph()), ['vgg19/block1_conv1/Relu', name], 'apart'),
    );
    tf.tidy(() => {
      const gradientOf = (value: (input: Tensor) => Tensor) =>
        tf.grad((input) => square(value(input)))(x);
      const byHand = gradientOf((input) => split.execute(input, [preNameOf(name)]) as Tensor);
      const captured = gradientOf((input) => {
        const capture = withCapture(() => model.execute(input, [name]));
        return capture.pre('block4_conv3/BiasAdd:0');
      });
      expect(byHand.dataSync().some((value) => value !== 0)).toBe(true);
      expectSameBits('gradient', captured, byHand);
    });
    split.dispose();
  });

  test('of a loss on a captured output and post-activation, likewise', () => {
    const name = 'vgg19/block1_conv1/Relu';
    tf.tidy(() => {
      const plain = tf.grad((input) => square(model.execute(input, [name]) as Tensor))(x);
      for (const kind of ['post', 'output'] as const) {
        const captured = tf.grad((input) =>
          square(withCapture(() => model.execute(input, [name]), {record: [kind]})[kind](name)),
        )(x);
        expectSameBits(kind, captured, plain);
      }
    });
  });
});

describe('scopes', () => {
  test('nest: the outer one records what the inner one does', () => {
    tf.tidy(() => {
      const outer = withCapture(
        () => {
          const inner = withCapture(() => model.predict(x), {layers: '**/Relu6', record: ['post']});
          expect(inner.names()).toEqual(['vgg19/depthwise/Relu6']);
          expect(inner.records[0]!.pass).toBe(0);
          model.predict(x);
          return inner;
        },
        {activations: ['relu6', 'softmax']},
      );
      expect(outer.records.map(({name, pass}) => [name, pass])).toEqual([
        ['vgg19/depthwise/Relu6', 0],
        ['predictions/Softmax', 0],
        ['vgg19/depthwise/Relu6', 1],
        ['predictions/Softmax', 1],
      ]);
      expectSameBits('relu6', tf.relu6(outer.pre('Relu6', {pass: 0})), outer.result.post('Relu6'));
    });
  });

  test('leave a node fused that they do not select', () => {
    const kernel = tf.getKernel('FusedConv2D', tf.getBackend());
    const put = (config: KernelConfig) => {
      tf.unregisterKernel('FusedConv2D', tf.getBackend());
      tf.registerKernel(config);
    };
    const activations: unknown[] = [];
    put({
      ...kernel,
      kernelFunc: (params) => {
        activations.push(params.attrs?.activation);
        return kernel.kernelFunc(params);
      },
    });
    try {
      tf.tidy(() => {
        withCapture(() => model.predict(x), {layers: '**/block4_conv3/*'});
      });
    } finally {
      put(kernel);
    }
    expect(activations).toEqual(['relu', 'linear']);
  });

  test('keep what they have captured of a model that is disposed of', async () => {
    const gone = await buildGraphModel(vggLikeGraph());
    const capture = withCapture(
      () => {
        const y = gone.predict(x) as Tensor;
        gone.dispose();
        return y;
      },
      {record: ['pre', 'post']},
    );
    tf.tidy(() =>
      expectSameBits('relu', tf.relu(capture.pre('fc1/Relu')), capture.post('fc1/Relu')),
    );
    capture.result.dispose();
    capture.dispose();
  });
});

describe('what runs inside a graph', () => {
  test('is named after the node: an activation in a user’s own op', async () => {
    await whileCustom(
      (input) => tf.tidy(() => tf.elu(tf.sub(input, 1))),
      () => {
        tf.tidy(() => {
          const capture = withCapture(() => customized.execute(rows) as Tensor, everything);
          expect(
            capture.records
              .filter(({activation}) => activation !== null)
              .map(({name, activation, kernel}) => [name, activation, kernel]),
          ).toEqual([
            ['fused', 'relu', '_FusedMatMul'],
            ['custom', 'elu', 'Elu'],
            ['swish', 'swish', 'composed'],
            ['tanh', 'tanh', 'Tanh'],
          ]);
          expectSameBits('pre', capture.pre('custom'), tf.sub(capture.post('fused'), 1));
          expectSameBits('post', capture.post('custom'), tf.elu(capture.pre('custom')));
          expectSameBits('swish', capture.pre('swish'), capture.post('custom'));
        });
      },
    );
  });

  test('is named after the node, but for what an asynchronous op does when the executor is elsewhere', async () => {
    await whileCustom(
      async (input) => {
        const first = tf.elu(input);
        await ticks();
        const second = tf.selu(first);
        first.dispose();
        return second;
      },
      async () => {
        const plain = (await customized.executeAsync(rows)) as Tensor;
        const capture = await withCapture(() => customized.executeAsync(rows) as Promise<Tensor>);
        expect(capture.records.map(({name, activation}) => [name, activation])).toEqual([
          ['fused', 'relu'],
          ['custom', 'elu'],
          ['', 'selu'],
          ['swish', 'swish'],
          ['tanh', 'tanh'],
        ]);
        expectSameBits('result', capture.result, plain);
        tf.dispose([plain, capture.result]);
        capture.dispose();
      },
    );
  });

  test('is named after the node: another GraphModel, in the same pass', async () => {
    const inner = await buildGraphModel({
      inputs: {x: [-1, 3]},
      nodes: [{name: 'relu', op: 'Relu', inputs: ['x']}],
      outputs: ['relu'],
    });
    await whileCustom(
      (input) => inner.execute(tf.sub(input, 1)) as Tensor,
      () => {
        tf.tidy(() => {
          const capture = withCapture(() => customized.execute(rows) as Tensor, {
            record: ['pre', 'post'],
          });
          expect(capture.records.map(({name, pass}) => [name, pass])).toEqual([
            ['fused', 0],
            ['custom/relu', 0],
            ['swish', 0],
            ['tanh', 0],
          ]);
          expectSameBits('pre', capture.pre('custom/relu'), tf.sub(capture.post('fused'), 1));
        });
      },
    );
    inner.dispose();
  });

  test('is named after the layer: a GraphModel in a layer of a LayersModel', () => {
    class Wrapper extends tfl.layers.Layer {
      static className = 'GraphModelInALayer';
      override call(inputs: Tensor | Tensor[]): Tensor {
        return customized.execute(listOf(inputs)[0]!) as Tensor;
      }
      override computeOutputShape(shape: tfl.Shape): tfl.Shape {
        return shape;
      }
    }
    tf.tidy(() => {
      const layers = tfl.sequential();
      layers.add(tfl.layers.dense({name: 'dense', units: 3, activation: 'relu', inputShape: [3]}));
      layers.add(new Wrapper({name: 'wrapper'}));
      const many = tf.tile(rows, [20, 1]);
      const capture = withCapture(() => layers.predict(many) as Tensor);
      const names = ['dense', 'wrapper/fused', 'wrapper/swish', 'wrapper/tanh'];
      expect(capture.names()).toEqual(names);
      expect(capture.records.map(({pass}) => pass)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
      expect(capture.pre('wrapper/fused').shape).toEqual([40, 3]);
      layers.dispose();
    });
  });
});

function messageOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected an error');
}
