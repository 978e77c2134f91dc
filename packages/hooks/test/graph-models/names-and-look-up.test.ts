// What a hook point of a GraphModel is called, and what names it can be asked by.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {AmbiguousLayerError, LayerNotFoundError, nameScope, withCapture} from '@tfjs-capture/hooks';
import type {Capture, CaptureOptions} from '@tfjs-capture/hooks';
import {expectSameBits} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {buildGraphModel, graphArtifacts} from './graph-fixture.js';
import {modelOf} from './load-graph-models.js';
import {preNameOf, splitFusedNodes} from './rewrite-fused-node.js';
import {VGG_LIKE_POINTS, vggLikeGraph} from './vgg-like-graph.js';

const FUSED = VGG_LIKE_POINTS.filter(([, , kernel]) => kernel.includes('Fused')).map(
  ([name]) => name,
);

let model: GraphModel;
let twin: GraphModel;
let split: GraphModel;
let x: Tensor;

beforeAll(async () => {
  const artifacts = graphArtifacts(vggLikeGraph());
  model = await modelOf(artifacts);
  twin = await modelOf(artifacts);
  split = await modelOf(splitFusedNodes(artifacts, FUSED));
  x = seeded([2, 4, 4, 2], 6);
});
afterAll(() => {
  tf.dispose(x);
  for (const one of [model, twin, split]) one.dispose();
});

/** Runs the assertions in a tidy. */
const tidily = (fn: () => void) => () => {
  tf.tidy(fn);
};

const captured = (options?: CaptureOptions): Capture<Tensor> =>
  withCapture(() => model.predict(x) as Tensor, options);

const valueOf = (name: string, input = x): Tensor => split.execute(input, [name]) as Tensor;

describe('hook points', () => {
  test(
    'have the name of their node, in the order in which they run',
    tidily(() => {
      expect(
        captured().records.map(({name, activation, kernel}) => [name, activation, kernel]),
      ).toEqual(VGG_LIKE_POINTS);
      for (const {name, path, pass, call, slot} of captured().records) {
        expect([path, pass, call, slot]).toEqual([name.split('/'), 0, 0, 0]);
      }
    }),
  );

  test('are the same whichever way the model is run', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const runs: readonly (() => Promise<Capture<unknown>> | Capture<unknown>)[] = [
      () => withCapture(() => model.predict(x)),
      () => withCapture(() => model.predict([x])),
      () => withCapture(() => model.predict({image: x})),
      () => withCapture(() => model.execute(x)),
      () => withCapture(() => model.execute({image: x}, 'predictions/Softmax')),
      () => withCapture(() => model.execute(x, ['vgg19/fc1/Relu', 'predictions/Softmax:0'])),
      () => withCapture(() => model.executeAsync(x)),
      () => withCapture(() => model.executeAsync({image: x}, ['predictions/Softmax'])),
      () => withCapture(() => model.predictAsync(x)),
      () => withCapture(async () => model.execute(x)),
    ];
    try {
      for (const run of runs) {
        const capture = await run();
        const points = capture.records.map(({name, activation, kernel}) => [
          name,
          activation,
          kernel,
        ]);
        expect(points).toEqual(VGG_LIKE_POINTS);
        expect(capture.records.map(({pass, call}) => `${pass}.${call}`)).toEqual(
          VGG_LIKE_POINTS.map(() => '0.0'),
        );
        expectSameBits('fc1', capture.pre('fc1/Relu'), valueOf(preNameOf('vgg19/fc1/Relu')));
        tf.dispose(capture.result as Tensor);
        capture.dispose();
      }
    } finally {
      // That executeAsync was not needed.
      warn.mockRestore();
    }
  });

  test(
    'are those of the nodes that intermediate outputs need, and no more',
    tidily(() => {
      const upTo = (name: string) => withCapture(() => model.execute(x, [name])).names();
      expect(upTo('vgg19/block1_conv1/Relu')).toEqual(['vgg19/block1_conv1/Relu']);
      expect(upTo('vgg19/fc2/add')).toEqual(VGG_LIKE_POINTS.slice(0, 4).map(([name]) => name));
      const fed = {'vgg19/fc1/Relu': tf.ones([2, 5])};
      expect(withCapture(() => model.execute(fed)).names()).toEqual([
        'vgg19/fc2/Elu',
        'predictions/Softmax',
      ]);
    }),
  );

  test(
    'take the names of the scopes around the model',
    tidily(() => {
      const capture = withCapture(() => nameScope('teacher', () => model.predict(x)));
      expect(capture.names()).toEqual(VGG_LIKE_POINTS.map(([name]) => `teacher/${name}`));
      expect(capture.get('fc1/Relu').path).toEqual(['teacher', 'vgg19', 'fc1', 'Relu']);
    }),
  );

  test(
    'are selected by glob, by expression, by predicate and by activation',
    tidily(() => {
      const names = (options: CaptureOptions) => captured(options).names();
      expect(names({layers: 'vgg19/block*/Relu'})).toEqual([
        'vgg19/block1_conv1/Relu',
        'vgg19/block4_conv3/Relu',
      ]);
      expect(names({layers: '**/Relu6'})).toEqual(['vgg19/depthwise/Relu6']);
      expect(names({layers: /fc\d/})).toEqual(['vgg19/fc1/Relu', 'vgg19/fc2/Elu']);
      expect(names({layers: ({kernel}) => kernel === '_FusedMatMul'})).toEqual(['vgg19/fc1/Relu']);
      expect(names({layers: ({path}) => path.length === 2})).toEqual(['predictions/Softmax']);
      expect(names({activations: ['elu', 'relu6']})).toEqual([
        'vgg19/depthwise/Relu6',
        'vgg19/fc2/Elu',
      ]);
      expect(names({layers: 'nothing'})).toEqual([]);
    }),
  );
});

test('predict gives the structure that a model’s metadata asks for', async () => {
  const artifacts = graphArtifacts(vggLikeGraph());
  const {signature} = artifacts;
  const userDefinedMetadata = {signature, structuredOutputKeys: ['probabilities']};
  const structured = await modelOf({...artifacts, userDefinedMetadata});
  tf.tidy(() => {
    const plain = structured.predict(x) as tf.NamedTensorMap;
    const capture = withCapture(() => structured.predict(x) as tf.NamedTensorMap);
    expect(Object.keys(capture.result)).toEqual(['probabilities']);
    expectSameBits('result', capture.result.probabilities!, plain.probabilities!);
    expect(capture.names()).toEqual(VGG_LIKE_POINTS.map(([name]) => name));
  });
  structured.dispose();
});

describe('a hook point is asked for', () => {
  test.each([
    'vgg19/block4_conv3/Relu',
    'block4_conv3/Relu',
    'vgg19/block4_conv3/Relu:0',
    'block4_conv3/Relu:0',
  ])('by its full name and by suffixes, TensorFlow’s index or not: %s', (name) => {
    tf.tidy(() => {
      const capture = captured({record: ['pre', 'post', 'output']});
      const full = 'vgg19/block4_conv3/Relu';
      expectSameBits('pre', capture.pre(name), valueOf(preNameOf(full)));
      expectSameBits('post', capture.post(name), valueOf(full));
      expectSameBits('output', capture.output(name), valueOf(full));
      expect(capture.get(name).name).toBe(full);
    });
  });

  test.each([
    ['vgg19/block4_conv3/BiasAdd:0', 'vgg19/block4_conv3/Relu'],
    ['vgg19/block4_conv3/BiasAdd', 'vgg19/block4_conv3/Relu'],
    ['block4_conv3/BiasAdd', 'vgg19/block4_conv3/Relu'],
    ['block4_conv3/BiasAdd:0', 'vgg19/block4_conv3/Relu'],
    ['vgg19/block1_conv1/BiasAdd:0', 'vgg19/block1_conv1/Relu'],
    ['vgg19/fc1/BiasAdd:0', 'vgg19/fc1/Relu'],
  ])('by what the converter folded into it: %s', (name, swallower) => {
    tf.tidy(() => {
      expectSameBits('pre', captured().pre(name), valueOf(preNameOf(swallower)));
    });
  });

  test.each([
    ['vgg19/fc2/add', 'vgg19/fc2/Elu'],
    ['fc2/add:0', 'vgg19/fc2/Elu'],
    ['predictions/BiasAdd', 'predictions/Softmax'],
    ['predictions/BiasAdd:0', 'predictions/Softmax'],
  ])('by the node whose output it activates: %s', (name) => {
    tf.tidy(() => {
      const full = name.startsWith('fc2') ? 'vgg19/fc2/add' : name.replace(/:0$/, '');
      expectSameBits('pre', captured().pre(name), valueOf(full));
    });
  });

  test('by its own name first, though that node feeds another activation', async () => {
    const chain = await buildGraphModel({
      inputs: {x: [-1]},
      nodes: [
        {name: 'first', op: 'Relu', inputs: ['x']},
        {name: 'second', op: 'Sigmoid', inputs: ['first']},
      ],
      outputs: ['second'],
    });
    tf.tidy(() => {
      const input = tf.tensor1d([-1, 2]);
      const capture = withCapture(() => chain.execute(input), {record: ['pre', 'post']});
      expectSameBits('first', capture.pre('first'), input);
      expectSameBits('second', capture.pre('second'), tf.relu(input));
      expectSameBits('first:0', capture.post('first:0'), tf.relu(input));
    });
    chain.dispose();
  });

  test.each([
    'BiasAdd',
    'Relu',
    'vgg19/depthwise/BiasAdd',
    'block4_conv3/Conv2D',
    'lock4_conv3/BiasAdd',
    'vgg19/fc2/Elu:1',
    'predictions',
    'nowhere',
  ])('not by what could be several, or is none: %s', (name) => {
    tf.tidy(() => {
      const ask = () => captured().pre(name);
      const several = name === 'BiasAdd' || name === 'Relu';
      expect(ask).toThrow(several ? AmbiguousLayerError : LayerNotFoundError);
    });
  });

  test(
    'and errors name what may have been meant',
    tidily(() => {
      const capture = captured();
      expect(() => capture.pre('vgg19/block4_conv4/Relu')).toThrow(/'vgg19\/block4_conv3\/Relu'/);
      expect(() => capture.pre('Relu')).toThrow(/block1_conv1\/Relu.*block4_conv3\/Relu/s);
      expect(() => capture.pre('BiasAdd')).toThrow(AmbiguousLayerError);
      const filtered = captured({layers: '**/Elu'});
      expect(() => filtered.pre('vgg19/fc1/Relu')).toThrow(/not selected/);
    }),
  );
});

describe('several passes', () => {
  test(
    'of one model are joined, and told apart by number',
    tidily(() => {
      const other = seeded([3, 4, 4, 2], 7);
      const capture = withCapture(() => [model.predict(x), model.execute(other)], {
        record: ['pre', 'post'],
      });
      for (const name of FUSED) {
        const [first, second] = [valueOf(preNameOf(name)), valueOf(preNameOf(name), other)];
        expectSameBits('joined', capture.pre(name), tf.concat([first, second]));
        expectSameBits('pass 0', capture.pre(name, {pass: 0}), first);
        expectSameBits('pass 1', capture.pre(name, {pass: 1}), second);
        expectSameBits('folded', capture.pre(`${name}:0`, {pass: 1}), second);
      }
      expect(capture.records.map(({pass}) => pass)).toEqual([
        ...VGG_LIKE_POINTS.map(() => 0),
        ...VGG_LIKE_POINTS.map(() => 1),
      ]);
      expectSameBits(
        'bias',
        capture.pre('vgg19/fc1/BiasAdd:0', {pass: 1}),
        valueOf(preNameOf('vgg19/fc1/Relu'), other),
      );
    }),
  );

  test(
    'are numbered in the scope, whatever runs in them',
    tidily(() => {
      const capture = withCapture(() => {
        model.execute(x, ['vgg19/block1_conv1/Relu']);
        nameScope('second', () => twin.execute(x, ['vgg19/block1_conv1/Relu']));
        model.execute(x, ['vgg19/block1_conv1/Relu']);
      });
      expect(capture.records.map(({name, pass}) => `${pass} ${name}`)).toEqual([
        '0 vgg19/block1_conv1/Relu',
        '1 second/vgg19/block1_conv1/Relu',
        '2 vgg19/block1_conv1/Relu',
      ]);
    }),
  );
});

describe('two models with the same names', () => {
  test(
    'are never mixed up: asking by name is an error that says what to do',
    tidily(() => {
      const capture = withCapture(() => [model.predict(x), twin.predict(x)], {
        record: ['pre', 'output'],
      });
      for (const ask of [
        () => capture.pre('vgg19/block4_conv3/Relu'),
        () => capture.pre('block4_conv3/BiasAdd:0'),
        () => capture.pre('fc2/add'),
        () => capture.output('vgg19/pool/Mean'),
        () => capture.get('predictions/Softmax'),
      ]) {
        expect(ask).toThrow(AmbiguousLayerError);
        expect(ask).toThrow(/ask for one with \{pass\}/);
      }
    }),
  );

  test(
    'are told apart by a scope around each',
    tidily(() => {
      const other = seeded([2, 4, 4, 2], 8);
      const capture = withCapture(() => {
        nameScope('a', () => model.predict(x));
        nameScope('b', () => twin.predict(other));
      });
      const name = 'vgg19/block4_conv3/Relu';
      expectSameBits('a', capture.pre(`a/${name}`), valueOf(preNameOf(name)));
      expectSameBits('b', capture.pre(`b/${name}`), valueOf(preNameOf(name), other));
      expectSameBits(
        'b',
        capture.pre('b/vgg19/block4_conv3/BiasAdd:0'),
        valueOf(preNameOf(name), other),
      );
      expect(() => capture.pre(name)).toThrow(AmbiguousLayerError);
    }),
  );
});

test('two models of which nodes have the same names are told apart by pass, asynchronous ones too', async () => {
  const other = seeded([2, 4, 4, 2], 8);
  const run = async (graph: GraphModel, input: Tensor) =>
    tf.dispose(await graph.predictAsync(input));
  const capture = await withCapture(async () => {
    await run(model, x);
    await run(twin, other);
  });
  const name = 'block4_conv3/Relu';
  expect(() => capture.pre(name)).toThrow(/\{pass\}/);
  expectSameBits('first', capture.pre(name, {pass: 0}), valueOf(preNameOf(`vgg19/${name}`)));
  expectSameBits(
    'second',
    capture.pre(name, {pass: 1}),
    valueOf(preNameOf(`vgg19/${name}`), other),
  );
  capture.dispose();
});

test(
  'the tensor that started this project: the pre-activation of block4_conv3, by the name that TensorFlow gave it',
  tidily(() => {
    using capture = withCapture(() => model.predict(x));
    const pre = capture.pre('vgg19/block4_conv3/BiasAdd:0');
    expect(pre.shape).toEqual([2, 4, 4, 3]);
    expect(pre.dataSync().some((value) => value < 0)).toBe(true);
    expectSameBits('relu', tf.relu(pre), model.execute(x, ['vgg19/block4_conv3/Relu']) as Tensor);
  }),
);
