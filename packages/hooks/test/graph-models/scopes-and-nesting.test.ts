// Scopes in scopes, and models in models: what is recorded, and under which name.
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig, Tensor} from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {expectSameBits, listOf} from '../fidelity/float-bits.js';
import {seeded} from '../fidelity/seeded-values.js';
import {customOpGraph, ticks, whileCustom} from './custom-ops.js';
import {buildGraphModel} from './graph-fixture.js';
import {vggLikeGraph} from './vgg-like-graph.js';

const everything: CaptureOptions = {record: ['pre', 'post', 'output']};

let model: GraphModel;
let customized: GraphModel;
let x: Tensor;
let rows: Tensor;
beforeAll(async () => {
  model = await buildGraphModel(vggLikeGraph());
  customized = await buildGraphModel(customOpGraph());
  rows = seeded([2, 3], 7);
  x = seeded([2, 4, 4, 2], 6);
});
afterAll(() => {
  for (const one of [model, customized, x, rows]) one.dispose();
});

beforeEach(() => {
  // That executeAsync was not needed.
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
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
