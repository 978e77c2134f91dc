// Layers inside wrappers and inside custom layers: each of their calls is captured.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {Shape} from '@tensorflow/tfjs-layers';

import {withCapture} from '@tfjs-capture/hooks';
import {ACTIVATION_NAMES, named} from './activation-functions.js';
import {expectSameBits} from './float-bits.js';
import {activateAs, buildLayer, LAYER_KINDS, referencePre} from './layer-kinds.js';
import {LSTM, unroll} from './recurrent-cells.js';
import {onRoute, ROUTES} from './routes.js';
import {seeded, setSeededWeights} from './seeded-values.js';

type Layer = layers.Layer;

const TIME = 3;
const kindCalled = (name: string) => LAYER_KINDS.find((kind) => kind.name === name)!;

describe.each(['Dense', 'Dense on rank 3', 'Conv2D', 'DepthwiseConv2D'])(
  'TimeDistributed(%s)',
  (kindName) => {
    const kind = kindCalled(kindName);
    const x = seeded([2, TIME, ...kind.inputShape], 3);

    describe.each(ACTIVATION_NAMES)('%s', (activation) => {
      test.each(ROUTES)('%s', (route) => {
        onRoute(route, () => {
          const layer = buildLayer(kind, 'inner', named(activation));
          const whole = sequential({
            layers: [
              layers.inputLayer({inputShape: x.shape.slice(1)}),
              layers.timeDistributed({layer, name: 'wrapper'}),
            ],
          });
          const plain = whole.predict(x) as Tensor;
          const capture = withCapture(() => whole.predict(x) as Tensor, {record: ['pre', 'post']});
          expectSameBits('result', capture.result, plain);
          expect(capture.records.map(({name, call, slot}) => [name, call, slot])).toEqual(
            Array.from({length: TIME}, (_, call) => ['wrapper/inner', call, 0]),
          );
          const inputs = tf.unstack(x, 1);
          const outputs = tf.unstack(plain, 1);
          for (let call = 0; call < TIME; call++) {
            const pre = capture.pre(layer, {call});
            const expected = referencePre(kind, activation, layer, inputs[call]!, route);
            expectSameBits(`pre of call ${call}`, pre, expected);
            expectSameBits(`post of call ${call}`, capture.post(layer, {call}), outputs[call]!);
            expectSameBits('activation(pre)', activateAs(kind, activation, pre), outputs[call]!);
          }
        });
      });
    });
  },
);

describe('TimeDistributed(LSTM)', () => {
  test.each(ROUTES)('%s', (route) => {
    onRoute(route, () => {
      const OUTER = 2;
      const inner = LSTM.layer({activation: 'tanh', recurrentActivation: 'sigmoid', name: 'inner'});
      const x = seeded([2, OUTER, TIME, 4], 3);
      const whole = sequential({
        layers: [
          layers.inputLayer({inputShape: x.shape.slice(1)}),
          layers.timeDistributed({layer: inner}),
        ],
      });
      setSeededWeights(whole);
      const plain = whole.predict(x) as Tensor;
      const capture = withCapture(() => whole.predict(x) as Tensor, {record: ['pre', 'post']});
      expectSameBits('result', capture.result, plain);
      const steps = tf
        .unstack(x, 1)
        .flatMap((sequence) => unroll(LSTM, sequence, inner.getWeights(), 'tanh', 'sigmoid'));
      const gates = steps.flatMap((step) => step.gates);
      expect(capture.records.map(({call, slot}) => [call, slot])).toEqual(
        steps.flatMap((step, call) => step.gates.map((_, slot) => [call, slot])),
      );
      capture.records.forEach(({pre, post}, i) => {
        expectSameBits(`pre ${i}`, pre!, gates[i]!.pre);
        expectSameBits(`post ${i}`, post!, gates[i]!.post);
      });
    });
  });
});

type Caller = (layer: Layer, x: Tensor) => Tensor;
const byApply: Caller = (layer, x) => layer.apply(x) as Tensor;
const byCall: Caller = (layer, x) => layer.call(x, {}) as Tensor;

/** A custom layer with two others in its fields, one of them in an array, and an activation in between. */
class Block extends layers.Layer {
  static readonly className: string = 'FidelityBlock';
  readonly convolution = layers.conv2d({
    filters: 3,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    name: 'convolution',
  });
  readonly more = [
    layers.conv2d({filters: 3, kernelSize: 1, activation: 'swish', name: 'pointwise'}),
    layers.leakyReLU({name: 'leaky'}),
  ];

  constructor(
    private readonly invoke: Caller,
    args: {name: string},
  ) {
    super(args);
  }

  override build(inputShape: Shape): void {
    const parts = [this.convolution, ...this.more];
    for (const part of parts) part.build(inputShape);
    parts.forEach((part) => (part.built = true));
    setSeededWeights(this.convolution, 3);
    setSeededWeights(this.more[0]!, 5);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const parts = [this.convolution, ...this.more];
      return tf.relu(
        tf.add(
          parts.reduce((y, part) => this.invoke(part, y), x),
          x,
        ),
      );
    });
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}

class RegisteredBlock extends Block {
  static override readonly className = 'FidelityRegisteredBlock';
}
tf.serialization.registerClass(RegisteredBlock);

describe.each([
  ['registered', RegisteredBlock],
  ['not registered', Block],
])('a custom layer, %s,', (_, BlockClass) => {
  describe.each([
    ['apply', byApply],
    ['call', byCall],
  ])('that calls its layers by %s', (__, invoke) => {
    test.each(ROUTES)('%s', (route) => {
      onRoute(route, () => {
        const x = seeded([2, 4, 4, 3], 3);
        const block = new BlockClass(invoke, {name: 'block'});
        const whole = sequential({
          layers: [layers.inputLayer({inputShape: [4, 4, 3]}), block, layers.flatten()],
        });
        const capture = withCapture(() => whole.predict(x) as Tensor, {record: ['pre', 'post']});
        const plain = whole.predict(x) as Tensor;
        expectSameBits('result', capture.result, plain);

        const layerOf = [block.convolution, ...block.more];
        let value = x;
        const expected = layerOf.map((layer) => {
          const input = value;
          value = byApply(layer, input);
          return {input, post: value};
        });
        expect(capture.records.map(({name, activation}) => `${name} ${activation}`)).toEqual([
          'block/convolution relu',
          'block/pointwise swish',
          'block/leaky leakyrelu',
          'block relu',
        ]);
        layerOf.forEach((layer, i) => {
          expectSameBits(`${layer.name} post`, capture.post(layer), expected[i]!.post);
        });
        const [, intoPointwise] = expected;
        const linear = layers.conv2d({filters: 3, kernelSize: 1});
        linear.build([null, 4, 4, 3]);
        linear.built = true;
        linear.setWeights(block.more[0]!.getWeights());
        const pre = byApply(linear, intoPointwise!.input);
        expectSameBits('pointwise pre', capture.pre('pointwise'), pre);
        const [kernel, bias] = block.convolution.getWeights() as [tf.Tensor4D, tf.Tensor1D];
        const spec = {x: x as tf.Tensor4D, filter: kernel, strides: 1, pad: 'same'} as const;
        expectSameBits(
          'convolution pre',
          capture.pre('block/convolution'),
          route === 'fused'
            ? tf.fused.conv2d({...spec, bias})
            : tf.add(tf.conv2d(spec.x, kernel, 1, 'same'), bias),
        );
        expectSameBits('leaky pre', capture.pre(block.more[1]!), expected[1]!.post);
        expectSameBits("the block's own pre", capture.pre(block), tf.add(value, x));
        expectSameBits("the block's own post", capture.post(block), tf.relu(tf.add(value, x)));
        expectSameBits('result', tf.reshape(capture.post(block), plain.shape), plain);
      });
    });
  });
});
