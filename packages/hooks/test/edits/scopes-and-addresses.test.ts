// Which edits are applied where: order, scopes, filters, addresses; and what an edit may do.
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';

import {ablate, nameScope, scaleBy, withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions, EditPoint, Edits} from '@tfjs-capture/hooks';
import {bitsKey, expectSameBits} from '../fidelity/float-bits.js';
import {GRU, LSTM} from '../fidelity/recurrent-cells.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import {seeded, setSeededWeights} from '../fidelity/seeded-values.js';
import {buildGraphModel, seededWeight} from '../graph-models/graph-fixture.js';
import {bend} from './edits-by-hand.js';

const net = sequential({
  layers: [
    layers.dense({name: 'a', units: 4, activation: 'relu', inputShape: [3]}),
    layers.dense({name: 'b', units: 4, activation: 'tanh'}),
    layers.dense({name: 'c', units: 2}),
  ],
});
setSeededWeights(net);
const x = seeded([5, 3], 3, 1);
const predict = (): Tensor => net.predict(x) as Tensor;

/** The model with the edits written out. */
function byHand(
  edits: Partial<Record<`${'a' | 'b' | 'c'} ${'pre' | 'post' | 'output'}`, (v: Tensor) => Tensor>>,
): Tensor {
  const at = (place: string, value: Tensor): Tensor =>
    (edits as Record<string, (v: Tensor) => Tensor>)[place]?.(value) ?? value;
  const activations = {a: tf.relu, b: tf.tanh, c: (v: Tensor) => v};
  return (['a', 'b', 'c'] as const).reduce<Tensor>((value, name) => {
    const [kernel, bias] = net.getLayer(name).getWeights();
    const pre = at(`${name} pre`, tf.fused.matMul({a: value, b: kernel!, bias: bias!}));
    return at(`${name} output`, at(`${name} post`, activations[name](pre)));
  }, x);
}

const twice = (v: Tensor) => tf.mul(v, 2);
const more = (v: Tensor) => tf.add(v, 1);

describe.each(ROUTES)('%s', (route) => {
  const close = (actual: Tensor, expected: Tensor) => {
    // With a tape on, the bias is added apart.
    const [a, b] = [actual.dataSync(), expected.dataSync()];
    a.forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 4));
  };
  const check = (edit: Edits, expected: Parameters<typeof byHand>[0]) =>
    onRoute(route, () => {
      close(withCapture(predict, {edit}).result, byHand(expected));
    });

  test('several edits in order, and two layers', () => {
    check({a: [twice, more]}, {'a pre': (v) => more(twice(v))});
    check({a: [more, twice]}, {'a pre': (v) => twice(more(v))});
    check({a: twice, '*': more}, {'a pre': (v) => more(twice(v)), 'b pre': more});
    check(
      {'*': {post: more}, b: {post: [twice, bend(1)]}},
      {'a post': more, 'b post': (v) => bend(1)(twice(more(v)))},
    );
    check(
      {c: {output: more}, a: {output: twice, pre: more}},
      {'c output': more, 'a output': twice, 'a pre': more},
    );
  });

  test('filters of every kind', () => {
    check([{layers: /^[ab]$/, pre: more}], {'a pre': more, 'b pre': more});
    check([{layers: (at) => at.activation === 'tanh', post: twice}], {'b post': twice});
    check([{layers: ['a', /b/], pre: twice}, {pre: more}], {
      'a pre': (v) => more(twice(v)),
      'b pre': (v) => more(twice(v)),
    });
    check([{layers: (at) => at.activation === null && at.name === 'c', output: twice}], {
      'c output': twice,
    });
  });

  test('nested scopes: the inner one’s edits first', () => {
    onRoute(route, () => {
      let inner!: ReturnType<typeof withCapture<Tensor>>;
      const outer = withCapture(
        () => {
          inner = withCapture(predict, {
            edit: {a: twice, b: {post: twice}},
            record: ['pre', 'post'],
          });
          return inner.result;
        },
        {edit: {a: more, b: {post: more}}, record: ['pre', 'post']},
      );
      const both = (v: Tensor) => more(twice(v));
      close(outer.result, byHand({'a pre': both, 'b post': both}));
      // Both record what the value is after all edits.
      for (const kind of ['pre', 'post'] as const) {
        for (const name of ['a', 'b']) expectSameBits(kind, inner[kind](name), outer[kind](name));
      }
      // A scope without edits inside one that has them, and the other way round.
      close(
        withCapture(() => withCapture(predict).result, {edit: {a: more}}).result,
        byHand({'a pre': more}),
      );
      close(
        withCapture(() => withCapture(predict, {edit: {a: more}}).result).result,
        byHand({'a pre': more}),
      );
      const idle: CaptureOptions = {record: []};
      close(
        withCapture(
          () => withCapture(() => withCapture(predict, idle).result, {edit: {a: twice}}).result,
          {edit: {a: more}},
        ).result,
        byHand({'a pre': both}),
      );
    });
  });

  test('an edit may read another capture, run this model, another one, or capture inside', () => {
    onRoute(route, () => {
      const reference = withCapture(predict, {record: ['post']});
      const mixed = (v: Tensor) => tf.add(v, reference.post('a'));
      close(withCapture(predict, {edit: {a: {post: mixed}}}).result, byHand({'a post': mixed}));
      const plain = tf.keep(predict());
      const other = sequential({
        layers: [layers.dense({name: 'a', units: 4, activation: 'relu', inputShape: [4]})],
      });
      setSeededWeights(other);
      const runs = {
        another: (v: Tensor) => other.predict(v) as Tensor,
        itself: (v: Tensor) => tf.add(v, tf.sum(predict())),
        capturing: (v: Tensor) => {
          const {result} = withCapture(() => other.predict(v) as Tensor, {
            edit: {a: ablate([0])},
            record: ['pre', 'post'],
          });
          return result;
        },
      };
      for (const run of Object.values(runs)) {
        const capture = withCapture(predict, {edit: {a: run}, record: ['pre', 'post', 'output']});
        close(capture.result, byHand({'a pre': run}));
        expect(capture.names()).toEqual(['a', 'b', 'c']);
        expect(capture.records.length).toBe(3);
      }
      expectSameBits('plain', predict(), plain);
      plain.dispose();
    });
  });
});

describe('where an edit is told to be', () => {
  const told = (fn: () => unknown): string[] => {
    const met: string[] = [];
    const tell = (
      _: Tensor,
      {name, path, activation, kernel, pass, call, slot, kind}: EditPoint,
    ) => {
      expect(path.join('/')).toBe(name);
      met.push(`${name} ${activation} ${kernel} ${pass} ${call} ${slot} ${kind}`);
      return undefined;
    };
    tf.tidy(() => {
      withCapture(fn, {edit: {'**': {pre: tell, post: tell}}, record: []});
    });
    return met;
  };

  test('batches of predict are passes', () => {
    const many = seeded([70, 3], 1);
    expect(told(() => net.predict(many)).filter((one) => one.startsWith('b'))).toEqual(
      [0, 1, 2].flatMap((pass) => [`b tanh Tanh ${pass} 0 0 pre`, `b tanh Tanh ${pass} 0 0 post`]),
    );
  });

  test('the same points that are recorded, in the same order', () => {
    const inner = sequential({
      name: 'inner',
      layers: [layers.dense({name: 'd', units: 4, activation: 'swish', inputShape: [4]})],
    });
    const shared = layers.dense({name: 'shared', units: 4, activation: 'elu'});
    const first = input({shape: [4]});
    const once = shared.apply(inner.apply(first)) as SymbolicTensor;
    const whole = model({
      inputs: first,
      outputs: layers.reLU({name: 'r'}).apply(shared.apply(once)) as SymbolicTensor,
    });
    const lstm = sequential({
      layers: [
        layers.inputLayer({inputShape: [3, 4]}),
        LSTM.layer({name: 'l', activation: 'tanh', recurrentActivation: 'hardSigmoid'}),
      ],
    });
    const gru = sequential({
      layers: [
        layers.inputLayer({inputShape: [3, 4]}),
        GRU.layer({name: 'g', activation: 'relu', recurrentActivation: 'softmax'}),
      ],
    });
    const run = () => {
      whole.predict(seeded([40, 4], 1));
      lstm.predict(seeded([2, 3, 4], 2));
      gru.predict(seeded([2, 3, 4], 2));
      tf.relu(x);
      nameScope('named', () =>
        tf.sigmoid(tf.fused.matMul({a: x, b: seeded([3, 2], 1), activation: 'relu'})),
      );
    };
    for (const route of ROUTES) {
      onRoute(route, () => {
        const {records} = withCapture(run);
        const expected = records.map(
          ({name, activation, kernel, pass, call, slot}) =>
            `${name} ${activation} ${kernel} ${pass} ${call} ${slot}`,
        );
        expect(told(run).filter((one) => one.endsWith(' pre'))).toEqual(
          expected.map((one) => `${one} pre`),
        );
        expect(told(run).filter((one) => one.endsWith(' post'))).toEqual(
          expected.map((one) => `${one} post`),
        );
      });
    }
  });

  test('outputs of all layers, models and cells included', () => {
    const met: string[] = [];
    const nested = sequential({name: 'outer', layers: [layers.inputLayer({inputShape: [3]}), net]});
    tf.tidy(() => {
      const capture = withCapture(() => nested.predict(x), {
        record: ['output'],
        edit: {
          '**': {
            output(_, {name, activation, kernel, kind}) {
              expect([activation, kernel, kind]).toEqual([null, null, 'output']);
              met.push(name);
              return undefined;
            },
          },
        },
      });
      expect(met).toEqual(capture.names());
      expect(met).toEqual([`${net.name}/a`, `${net.name}/b`, `${net.name}/c`, net.name]);
    });
  });
});

/** The same layer, of a user's class that extends tfjs's. */
function extended(layer: layers.Layer): layers.Layer {
  const base = layer.constructor as new (config: object) => layers.Layer;
  class Extended extends base {
    static readonly className = 'Extended';
  }
  return new Extended(layer.getConfig());
}

test('the shape that an edit sees is the layer’s own', () => {
  tf.tidy(() => {
    const dense = (activation: 'relu' | 'elu' | 'tanh') =>
      layers.dense({units: 4, activation, name: 'l'});
    const convolution = {filters: 4, kernelSize: 2, name: 'l'};
    const turned = {...convolution, dataFormat: 'channelsFirst'} as const;
    const cases: [layers.Layer, number[]][] = [
      [extended(dense('relu')), [3, 5]],
      [extended(layers.conv2d({...turned, activation: 'relu'})), [3, 5, 6]],
      [dense('relu'), [3, 5]],
      [dense('elu'), [2, 3, 5]],
      [dense('tanh'), [1, 5]],
      [layers.conv2d({...turned, activation: 'relu'}), [3, 5, 6]],
      [layers.conv2d({...turned, activation: 'sigmoid'}), [3, 5, 6]],
      [layers.separableConv2d({...turned, useBias: false, activation: 'relu'}), [3, 5, 6]],
      [layers.conv1d({...convolution, activation: 'relu'}), [5, 3]],
    ];
    for (const [layer, shape] of cases) {
      const one = sequential({layers: [layers.inputLayer({inputShape: shape}), layer]});
      for (const route of ROUTES) {
        for (const batch of [1, 2]) {
          const seen: number[][] = [];
          onRoute(route, () => {
            const see = (value: Tensor) => {
              seen.push(value.shape);
              return tf.mul(value, 2);
            };
            const {shape: expected} = withCapture(
              () => one.predict(tf.ones([batch, ...shape])) as Tensor,
              {
                edit: {l: {pre: see, post: see, output: see}},
              },
            ).result;
            expect(seen).toEqual([expected, expected, expected]);
          });
        }
      }
    }
  });
});

describe('raw operations', () => {
  test.each(ROUTES)('%s: fused products and convolutions, names', (route) => {
    onRoute(route, () => {
      const [a, b, bias] = [seeded([4, 3], 1), seeded([3, 5], 2), seeded([5], 3)];
      const image = seeded([2, 4, 4, 3], 4) as tf.Tensor4D;
      const filter = seeded([2, 2, 3, 5], 5) as tf.Tensor4D;
      const run = (activation?: 'relu' | 'elu') => ({
        product: nameScope('product', () =>
          tf.fused.matMul({a, b, bias, ...(activation && {activation})}),
        ),
        image: nameScope('image', () =>
          tf.fused.conv2d({
            x: image,
            filter,
            strides: 1,
            pad: 'same',
            bias,
            ...(activation && {activation}),
          }),
        ),
        unnamed: tf.tanh(a),
      });
      const {result} = withCapture(() => run('elu'), {
        edit: [
          {layers: ['product', 'image'], pre: bend(1), post: bend(2)},
          {layers: (at) => at.path.length === 0, post: bend(3)},
        ],
      });
      const linear = run();
      const edited = (value: Tensor) => bend(2)(tf.elu(bend(1)(value)));
      const same = (actual: Tensor, expected: Tensor) => {
        const [got, want] = [actual.dataSync(), expected.dataSync()];
        got.forEach((value, i) =>
          expect(Math.abs(value - want[i]!)).toBeLessThan(1e-4 * (1 + Math.abs(want[i]!))),
        );
      };
      same(result.product, edited(linear.product));
      same(result.image, edited(linear.image));
      expectSameBits('unnamed', result.unnamed, bend(3)(tf.tanh(a)));
    });
  });
});

test('graphs: an edit may run another graph, and the one that it is in', async () => {
  const spec = {
    inputs: {x: [-1, 3]},
    weights: {w: seededWeight([3, 3], 1)},
    nodes: [
      {name: 'mul', op: 'MatMul', inputs: ['x', 'w'], attrs: {T: {type: 'DT_FLOAT'}}},
      {name: 'relu', op: 'Relu', inputs: ['mul']},
      {name: 'gate', op: 'Sigmoid', inputs: ['relu']},
      {name: 'swish', op: 'Mul', inputs: ['relu', 'gate']},
      {name: 'end', op: 'Tanh', inputs: ['swish']},
    ],
    outputs: ['end'],
  };
  const [graph, other] = [await buildGraphModel(spec), await buildGraphModel(spec)];
  tf.tidy(() => {
    const run = (of: typeof graph, value: Tensor) => of.execute(value) as Tensor;
    for (const inside of [graph, other]) {
      const edit = (value: Tensor) => tf.add(value, run(inside, value));
      for (const kind of ['pre', 'post', 'output'] as const) {
        for (const name of ['relu', 'swish', 'end']) {
          let expected = tf.matMul(x, graph.execute(tf.eye(3), 'mul') as tf.Tensor2D);
          for (const node of ['relu', 'swish', 'end'] as const) {
            const activate = {
              relu: tf.relu,
              swish: (v: Tensor) => tf.mul(v, tf.sigmoid(v)),
              end: tf.tanh,
            }[node];
            const pre = node === name && kind === 'pre' ? edit(expected) : expected;
            expected = activate(pre);
            if (node === name && kind !== 'pre') expected = edit(expected);
          }
          const capture = withCapture(() => run(graph, x), {
            record: ['post'],
            edit: {[name]: {[kind]: edit}, '*': {output: () => undefined}},
          });
          expect(capture.names()).toEqual(['relu', 'swish', 'end']);
          const [got, want] = [capture.result.dataSync(), expected.dataSync()];
          got.forEach((value, i) => expect(value).toBeCloseTo(want[i]!, 5));
        }
      }
    }
  });
  graph.dispose();
  other.dispose();
});

test('edits that meet nothing are told of once, but not where the function fails', () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  tf.tidy(() => {
    withCapture(() => withCapture(predict, {record: []}).result, {
      edit: [
        {layers: 'nowhere', pre: ablate(), post: ablate()},
        {
          layers: function here() {
            return false;
          },
          output: ablate(),
        },
      ],
    });
    withCapture(predict, {edit: {a: scaleBy(2), c: {output: scaleBy(2)}}});
  });
  expect(warn.mock.calls.map(([message]) => message as string)).toEqual([
    expect.stringContaining("got pre of 'nowhere', post of 'nowhere', output of 'function here'. "),
  ]);
  warn.mockRestore();
});

test('what edits select nothing of keeps its bits', () => {
  tf.tidy(() => {
    const plain = withCapture(predict, {record: ['pre', 'post', 'output']});
    const edited = withCapture(predict, {
      record: ['pre', 'post', 'output'],
      edit: {b: ablate(), c: {output: ablate()}},
    });
    for (const kind of ['pre', 'post', 'output'] as const) {
      expect(bitsKey(edited[kind]('a'))).toBe(bitsKey(plain[kind]('a')));
    }
    expect(edited.result.dataSync().every((value) => value === 0)).toBe(true);
  });
});
