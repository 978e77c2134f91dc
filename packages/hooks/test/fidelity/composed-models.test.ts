// Models of models: several inputs and outputs, nesting, sharing, and layers that nobody can see.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, Shape, SymbolicTensor} from '@tensorflow/tfjs-layers';

import type {ActivationRecord, CaptureOptions} from '@tfjs-capture/hooks';
import {withCapture} from '@tfjs-capture/hooks';
import {activate, named} from './activation-functions.js';
import {download, expectSameBits, listOf} from './float-bits.js';
import {buildLayer, conv2d, dense, LAYER_KINDS, referencePre} from './layer-kinds.js';
import type {LayerKind} from './layer-kinds.js';
import {onRoute, ROUTES} from './routes.js';
import type {Route} from './routes.js';
import {seeded} from './seeded-values.js';

type Layer = layers.Layer;

const RECORD: CaptureOptions = {record: ['pre', 'post']};
const on = (layer: Layer, ...inputs: SymbolicTensor[]): SymbolicTensor =>
  layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as SymbolicTensor;

/** What one call of a layer must show: its input tells all of it. */
interface Call {
  readonly name: string;
  readonly kind: LayerKind;
  readonly activation: string;
  readonly layer: Layer;
  readonly call: number;
  readonly x: Tensor;
}

function expectCalls(records: readonly ActivationRecord[], calls: readonly Call[], route: Route) {
  expect(records.map(({name, call}) => `${name} ${call}`).sort()).toEqual(
    calls.map(({name, call}) => `${name} ${call}`).sort(),
  );
  for (const {name, kind, activation, layer, call, x} of calls) {
    const {pre, post} = records.find((one) => one.name === name && one.call === call)!;
    const at = `${name} call ${call}`;
    expectSameBits(`${at} pre`, pre!, referencePre(kind, activation, layer, x, route));
    expectSameBits(`${at} post`, post!, layer.apply(x) as Tensor);
    expectSameBits(`${at} activation(pre)`, activate(activation, pre!), post!);
  }
}

const vector = dense('Dense', [4]);
const image = conv2d('Conv2D', [4, 4, 2], {filters: 2, kernelSize: 3, padding: 'same'});
const make = (kind: LayerKind, name: string, activation: string) =>
  buildLayer(kind, name, named(activation));

describe.each(ROUTES)('%s', (route) => {
  test('several inputs and outputs', () => {
    onRoute(route, () => {
      const [a, b, c] = [
        make(vector, 'a', 'relu'),
        make(vector, 'b', 'gelu'),
        make(vector, 'c', 'softmax'),
      ];
      const inputs = [input({shape: [4]}), input({shape: [4]})] as const;
      const [left, right] = [on(a, inputs[0]), on(b, inputs[1])];
      const sum = on(layers.add(), left, right);
      const whole = model({inputs: [...inputs], outputs: [on(c, sum), left, right]});
      const [x, y] = [seeded([3, 4], 3), seeded([3, 4], 5)];
      const plain = listOf(whole.predict([x, y]));
      const capture = withCapture(() => whole.predict([x, y]) as Tensor[], RECORD);
      expect(capture.result.length).toBe(3);
      capture.result.forEach((result, i) => expectSameBits(`output ${i}`, result, plain[i]!));
      expectSameBits('the second output is a post', capture.post('a'), plain[1]!);
      const common = {kind: vector, call: 0};
      expectCalls(
        capture.records,
        [
          {...common, name: 'a', activation: 'relu', layer: a, x},
          {...common, name: 'b', activation: 'gelu', layer: b, x: y},
          {...common, name: 'c', activation: 'softmax', layer: c, x: tf.add(plain[1]!, plain[2]!)},
        ],
        route,
      );
    });
  });

  test('a model in a model in a model, of both kinds, used twice', () => {
    onRoute(route, () => {
      const [conv, mixed, last] = [
        make(image, 'conv', 'relu'),
        make(image, 'mixed', 'elu'),
        make(image, 'last', 'swish'),
      ];
      const inner = sequential({
        name: 'inner',
        layers: [layers.inputLayer({inputShape: image.inputShape}), conv],
      });
      const middleInput = input({shape: image.inputShape});
      const middle = model({
        name: 'middle',
        inputs: middleInput,
        outputs: on(mixed, on(inner, middleInput)),
      });
      const outerInput = input({shape: image.inputShape});
      const outer = model({
        inputs: outerInput,
        outputs: on(last, on(middle, on(middle, outerInput))),
      });
      const x = seeded([2, ...image.inputShape], 3);
      const plain = outer.predict(x) as Tensor;
      const capture = withCapture(() => outer.predict(x) as Tensor, RECORD);
      expectSameBits('result', capture.result, plain);
      const stages = [x];
      for (const layer of [conv, mixed, conv, mixed, last]) {
        stages.push(layer.apply(stages.at(-1)!) as Tensor);
      }
      const convs = {name: 'middle/inner/conv', kind: image, activation: 'relu', layer: conv};
      const mixeds = {name: 'middle/mixed', kind: image, activation: 'elu', layer: mixed};
      expectCalls(
        capture.records,
        [
          {...convs, call: 0, x: stages[0]!},
          {...mixeds, call: 0, x: stages[1]!},
          {...convs, call: 1, x: stages[2]!},
          {...mixeds, call: 1, x: stages[3]!},
          {name: 'last', kind: image, activation: 'swish', layer: last, call: 0, x: stages[4]!},
        ],
        route,
      );
    });
  });

  test('two models that share a layer, one after the other', () => {
    onRoute(route, () => {
      const shared = make(vector, 'shared', 'relu');
      const build = () =>
        sequential({layers: [layers.inputLayer({inputShape: [4]}), shared, layers.reLU()]});
      const [one, two] = [build(), build()];
      const [x, y] = [seeded([2, 4], 3), seeded([2, 4], 5)];
      const plain = [one.predict(x) as Tensor, two.predict(y) as Tensor] as const;
      const capture = withCapture(() => [one.predict(x), two.predict(y)] as Tensor[], RECORD);
      capture.result.forEach((result, i) => expectSameBits(`result ${i}`, result, plain[i]!));
      for (const [pass, of] of [x, y].entries()) {
        const pre = capture.pre(shared, {pass});
        expectSameBits('pre', pre, referencePre(vector, 'relu', shared, of, route));
      }
    });
  });
});

/** A custom layer whose own layer is in no field that can be listed, and is called by `call`. */
class Secretive extends layers.Layer {
  static readonly className = 'FidelitySecretive';
  readonly #hidden: Layer;

  constructor(hidden: Layer, name: string) {
    super({name});
    this.#hidden = hidden;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return this.#hidden.call(inputs, {}) as Tensor;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return this.#hidden.computeOutputShape(inputShape);
  }
}

/** A layer in a private field, in a model. */
function secretive(kindName: string, activation: string): {whole: LayersModel; x: Tensor} {
  const kind = LAYER_KINDS.find(({name}) => name === kindName)!;
  const layer = new Secretive(make(kind, 'hidden', activation), 'secretive');
  const inputLayer = layers.inputLayer({inputShape: kind.inputShape});
  return {
    whole: sequential({layers: [inputLayer, layer]}),
    x: seeded([2, ...kind.inputShape], 3),
  };
}

describe('a layer in a private field, called by `call`', () => {
  test.each(['relu', 'swish'])('%s', (activation) => {
    const {whole, x} = secretive('Conv3D', activation);
    const plain = download(whole.predict(x) as Tensor);
    const capture = withCapture(() => whole.predict(x) as Tensor, RECORD);
    expectSameBits('result', capture.result, plain);
    expectSameBits('post', capture.post('secretive/hidden'), plain);
  });

  // After a hundred scopes the classes of layers that were in no other one's sight are let go.
  test('is captured in the two hundredth scope as in the first', () => {
    for (const activation of ['relu', 'swish']) {
      const {whole, x} = secretive('Conv3DTranspose', activation);
      const hooks = () =>
        withCapture(() => whole.predict(x)).records.map((one) => `${one.name} ${one.activation}`);
      tf.tidy(() => {
        for (let scope = 0; scope < 200; scope++) withCapture(() => tf.relu(1));
        expect(hooks()).toEqual([`secretive/hidden ${activation}`]);
      });
    }
  });
});
