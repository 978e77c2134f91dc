import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {nameScope, withCapture} from '@tfjs-capture/hooks';
import type {Capture} from '@tfjs-capture/hooks';

const dense = (name: string, activation?: 'relu' | 'tanh' | 'softmax', units = 3) =>
  tfl.layers.dense({name, units, ...(activation && {activation})});

const denseModel = (name: string, ...layers: tfl.layers.Layer[]): tfl.LayersModel => {
  const input = tfl.input({shape: [4]});
  let output = input;
  for (const layer of layers) output = layer.apply(output) as tfl.SymbolicTensor;
  return tfl.model({name, inputs: input, outputs: output});
};

const captureOf = (model: tfl.LayersModel, rows = 2): Capture<tf.Tensor> => {
  const x = tf.randomNormal([rows, ...(model.inputs[0]?.shape.slice(1) as number[])]);
  return withCapture(() => model.predict(x) as tf.Tensor);
};

const addresses = (capture: Capture<unknown>, layer: string): string[] =>
  capture.find(layer).map(({pass, call, slot}) => `${pass}.${call}.${slot}`);

const messageOf = (fn: () => unknown): string => {
  try {
    fn();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  throw new Error('expected an error');
};

describe('paths', () => {
  test('leave out the outermost model, and name nested ones', () => {
    const block = denseModel('block1', dense('conv', 'relu', 4));
    const encoder = denseModel('encoder', block, dense('proj', 'relu', 4));
    const model = denseModel('whole', encoder, dense('head', 'softmax'));
    const capture = captureOf(model);
    expect(capture.names()).toEqual(['encoder/block1/conv', 'encoder/proj', 'head']);
    expect(capture.get('conv').path).toEqual(['encoder', 'block1', 'conv']);
  });

  test.each([
    ['predict', (m: tfl.LayersModel, x: tf.Tensor) => m.predict(x)],
    ['predictOnBatch', (m: tfl.LayersModel, x: tf.Tensor) => m.predictOnBatch(x)],
    ['apply', (m: tfl.LayersModel, x: tf.Tensor) => m.apply(x)],
    ['call', (m: tfl.LayersModel, x: tf.Tensor) => m.call(x, {})],
  ])('are the same whichever way the model is run: %s', (_, run) => {
    const inner = tfl.sequential({
      name: 'inner',
      layers: [tfl.layers.dense({name: 'a', units: 4, activation: 'relu', inputShape: [4]})],
    });
    const outer = denseModel('outer', inner, dense('b', 'tanh'));
    const x = tf.randomNormal([2, 4]);
    const capture = withCapture(() => run(outer, x));
    expect(capture.names()).toEqual(['inner/a', 'b']);
    expect(capture.records.map(({pass}) => pass)).toEqual([0, 0]);
  });

  test('are there for execute, which tfjs has for models without nested ones', () => {
    const model = denseModel('m', dense('a', 'relu'), dense('b', 'tanh'));
    const [output] = model.outputs as [tfl.SymbolicTensor];
    const x = tf.randomNormal([2, 4]);
    const capture = withCapture(() => model.execute(x, output.name));
    expect(capture.names()).toEqual(['a', 'b']);
  });

  test('name a Sequential once, not its hidden model', () => {
    const first = (name: string) =>
      tfl.layers.dense({name, units: 4, activation: 'relu', inputShape: [4]});
    const innermost = tfl.sequential({name: 'innermost', layers: [first('c')]});
    const middle = tfl.sequential({name: 'middle', layers: [first('b'), innermost]});
    const outer = tfl.sequential({name: 'outer', layers: [first('a'), middle]});
    expect(captureOf(outer).names()).toEqual(['a', 'middle/b', 'middle/innermost/c']);
  });

  test('are those of the layers that tfjs runs: it dissolves a model that a Sequential begins with', () => {
    const inner = tfl.sequential({
      name: 'inner',
      layers: [tfl.layers.dense({name: 'a', units: 4, activation: 'relu', inputShape: [4]})],
    });
    const outer = tfl.sequential({name: 'outer'});
    outer.add(inner);
    expect(captureOf(outer).names()).toEqual(['a']);
  });

  test('hold a layer that is called by itself', () => {
    const layer = dense('alone', 'relu');
    const x = tf.randomNormal([2, 4]);
    layer.apply(x);
    const capture = withCapture(() => [layer.apply(x), layer.call(x, {})]);
    expect(capture.names()).toEqual(['alone']);
    expect(addresses(capture, 'alone')).toEqual(['0.0.0', '1.0.0']);
  });

  test('name a layer of a class that was never used before, called by hand', () => {
    const layer = tfl.layers.conv2d({
      name: 'by_hand',
      filters: 1,
      kernelSize: 1,
      activation: 'relu',
    });
    layer.build([null, 2, 2, 1]);
    expect(withCapture(() => layer.call(tf.ones([1, 2, 2, 1]), {})).names()).toEqual(['by_hand']);
  });

  test('name wrappers and cells', () => {
    const input = tfl.input({shape: [3, 4]});
    const distributed = tfl.layers.timeDistributed({name: 'td', layer: dense('inner', 'relu', 4)});
    const both = tfl.layers.bidirectional({
      name: 'both',
      mergeMode: 'concat',
      layer: tfl.layers.gru({name: 'g', units: 2, returnSequences: true}),
    });
    const cells = [
      tfl.layers.simpleRNNCell({name: 'first', units: 2}),
      tfl.layers.lstmCell({name: 'second', units: 2}),
    ];
    const stacked = tfl.layers.rnn({name: 'rnn', cell: cells});
    let y = distributed.apply(input) as tfl.SymbolicTensor;
    y = both.apply(y) as tfl.SymbolicTensor;
    y = stacked.apply(y) as tfl.SymbolicTensor;
    const model = tfl.model({inputs: input, outputs: y});
    const capture = captureOf(model);
    const stack = (stacked as unknown as {cell: tfl.layers.Layer}).cell.name;
    expect(capture.names()).toEqual([
      'td/inner',
      'both/forward_g/g',
      'both/backward_g/g',
      `rnn/${stack}/first`,
      `rnn/${stack}/second`,
    ]);
  });

  test('name layers that a custom layer holds in its fields, registered or not', () => {
    class Inner extends tfl.layers.Layer {
      static className = 'NobodyRegisteredInner';
      private readonly hidden = dense('hidden', 'tanh', 4);
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return this.hidden.apply(inputs) as tf.Tensor;
      }
    }
    class Outer extends tfl.layers.Layer {
      static className = 'NobodyRegisteredOuter';
      private readonly layers = [dense('first', 'relu', 4), new Inner({name: 'inner'})];
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        // `call` by hand, as a custom wrapper does; the inner layer has been built by `apply`.
        const first = this.layers[0]?.apply(inputs) as tf.Tensor;
        return this.layers[1]?.call(first, {}) as tf.Tensor;
      }
      override computeOutputShape(shape: tfl.Shape): tfl.Shape {
        return shape;
      }
    }
    const model = denseModel('with_custom', new Outer({name: 'outer'}), dense('last', 'relu'));
    expect(captureOf(model).names()).toEqual(['outer/first', 'outer/inner/hidden', 'last']);
  });

  test('name instances that have a `call` of their own, and look at no accessor', () => {
    class Owning extends tfl.layers.Layer {
      static className = 'Owning';
      override call = (inputs: tf.Tensor | tf.Tensor[]): tf.Tensor =>
        tf.relu(Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs);
    }
    const [one, two] = [new Owning({name: 'one'}), new Owning({name: 'two'})];
    for (const layer of [one, two]) {
      Object.defineProperty(layer, 'trap', {
        enumerable: true,
        get() {
          throw new Error('nobody may look here');
        },
      });
    }
    const {call} = one;
    expect(captureOf(denseModel('m', one, two)).names()).toEqual(['one', 'two']);
    expect(one.call).toBe(call);
    expect(Object.keys(one)).toEqual(Object.keys(two));
  });

  test('name a model that a layer runs by predict', () => {
    const inner = denseModel('expert', dense('a', 'relu', 4));
    class Gate extends tfl.layers.Layer {
      static className = 'Gate';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return inner.predict(inputs) as tf.Tensor;
      }
    }
    expect(captureOf(denseModel('whole', new Gate({name: 'gate'}))).names()).toEqual([
      'gate/expert/a',
    ]);
  });
});

describe('passes, calls and slots', () => {
  test('predict on 70 rows runs three passes, which are joined', () => {
    const model = denseModel('m', dense('a', 'relu'), dense('b', 'softmax'));
    const x = tf.randomNormal([70, 4]);
    const capture = withCapture(() => model.predict(x) as tf.Tensor, {record: ['pre', 'post']});
    expect(addresses(capture, 'a')).toEqual(['0.0.0', '1.0.0', '2.0.0']);
    expect(capture.pre('a').shape).toEqual([70, 3]);
    expect(capture.pre('a', {pass: 2}).shape).toEqual([6, 3]);
    expect(capture.get('a').post?.shape).toEqual([70, 3]);
    expect(capture.post('b').dataSync()).toEqual(capture.result.dataSync());
  });

  test('a shared layer has a call per use, never mixed up with passes', () => {
    const shared = dense('shared', 'relu', 4);
    const input = tfl.input({shape: [4]});
    const once = shared.apply(input) as tfl.SymbolicTensor;
    const model = tfl.model({inputs: input, outputs: shared.apply(once) as tfl.SymbolicTensor});
    const capture = captureOf(model, 70);
    expect(addresses(capture, 'shared')).toEqual([
      '0.0.0',
      '0.1.0',
      '1.0.0',
      '1.1.0',
      '2.0.0',
      '2.1.0',
    ]);
    expect(capture.pre('shared', {call: 0}).shape).toEqual([70, 4]);
    expect(capture.pre('shared', {call: 1}).shape).toEqual([70, 4]);
    expect(messageOf(() => capture.pre('shared'))).toMatch(
      /^AmbiguousLayerError: capture\.pre: 'shared' has 2 hook points.*\{call: 0, slot: 0\}, \{call: 1, slot: 0\}/,
    );
  });

  test('a nested model that is used twice counts the calls of its layers', () => {
    const encoder = denseModel('encoder', dense('conv', 'relu', 4));
    const [left, right] = [tfl.input({shape: [4]}), tfl.input({shape: [4]})];
    const merged = tfl.layers
      .add()
      .apply([left, right].map((side) => encoder.apply(side) as tfl.SymbolicTensor));
    const model = tfl.model({inputs: [left, right], outputs: merged as tfl.SymbolicTensor});
    const capture = withCapture(() => model.predict([tf.ones([2, 4]), tf.zeros([2, 4])]));
    expect(addresses(capture, 'encoder/conv')).toEqual(['0.0.0', '0.1.0']);
  });

  test('an LSTM cell has five slots, in the order i, f, c, o, state, and a call per time step', () => {
    const lstm = tfl.layers.lstm({name: 'l', units: 2, inputShape: [3, 4]});
    const capture = captureOf(tfl.sequential({layers: [lstm]}));
    expect(capture.find(() => true).map(({slot, call}) => [call, slot])).toEqual(
      [0, 1, 2].flatMap((call) => [0, 1, 2, 3, 4].map((slot) => [call, slot])),
    );
    expect(capture.find((at) => at.call === 0).map(({activation}) => activation)).toEqual([
      'hardSigmoid',
      'hardSigmoid',
      'tanh',
      'hardSigmoid',
      'tanh',
    ]);
  });

  test('TimeDistributed has a call per time step', () => {
    const layer = tfl.layers.timeDistributed({
      name: 'td',
      layer: dense('d', 'relu'),
      inputShape: [5, 4],
    });
    const capture = captureOf(tfl.sequential({layers: [layer]}));
    expect(capture.records.map(({call}) => call)).toEqual([0, 1, 2, 3, 4]);
    expect(capture.pre('d', {call: 4}).shape).toEqual([2, 3]);
  });

  test('each step of fit, each batch of evaluate and each training batch is a pass', async () => {
    const model = denseModel('m', dense('a', 'relu'), dense('b'));
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    const [x, y] = [tf.randomNormal([40, 4]), tf.randomNormal([40, 3])];
    const fitted = await withCapture(() => model.fit(x, y, {batchSize: 16, epochs: 2}));
    expect(fitted.find('a').map(({pass}) => pass)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(fitted.pre('a').shape).toEqual([80, 3]);
    const evaluated = withCapture(() => model.evaluate(x, y, {batchSize: 32}));
    expect(evaluated.pre('a').shape).toEqual([40, 3]);
    const trained = await withCapture(() => model.trainOnBatch(x, y));
    expect(trained.find('a').map(({pass}) => pass)).toEqual([0]);
    const validated = await withCapture(() =>
      model.fit(x, y, {batchSize: 40, epochs: 1, validationData: [x, y]}),
    );
    expect(validated.find('a').map(({pass, pre}) => [pass, pre?.shape[0]])).toEqual([
      [0, 40],
      [1, 40],
    ]);
  });

  test("a loss's own kernels are not the model's activations", async () => {
    const model = denseModel('m', dense('a', 'relu'), dense('b', 'softmax'));
    model.compile({optimizer: 'sgd', loss: 'binaryCrossentropy', metrics: ['accuracy']});
    const [x, y] = [tf.randomNormal([4, 4]), tf.zeros([4, 3])];
    const capture = await withCapture(() => model.fit(x, y, {epochs: 1}));
    expect(capture.names()).toEqual(['a', 'b']);
  });

  test('passes are numbered through the scope', () => {
    const [one, two] = [
      denseModel('one', dense('a', 'relu')),
      denseModel('two', dense('b', 'relu')),
    ];
    const x = tf.randomNormal([2, 4]);
    const capture = withCapture(() => [one.predict(x), two.predict(x), one.predict(x)]);
    expect(capture.records.map(({name, pass}) => `${name}${pass}`)).toEqual(['a0', 'b1', 'a2']);
  });

  test('passes that differ in more than their rows cannot be joined, which is said', () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.conv2d({
          name: 'conv',
          filters: 2,
          kernelSize: 1,
          activation: 'relu',
          inputShape: [null, null, 1],
        }),
      ],
    });
    const capture = withCapture(() =>
      [4, 6].map((size) => model.predict(tf.ones([1, size, size, 1]))),
    );
    expect(messageOf(() => capture.pre('conv'))).toMatch(
      /cannot be joined.*\[1,4,4,2\], \[1,6,6,2\].*\{pass\}/,
    );
    expect(capture.pre('conv', {pass: 1}).shape).toEqual([1, 6, 6, 2]);
  });
});

describe('look-up', () => {
  const encoder = denseModel('encoder', dense('conv', 'relu', 4), dense('proj', undefined, 4));
  const head = dense('head', 'softmax');
  const model = denseModel('whole', encoder, dense('bridge', undefined, 4), head);

  test('takes a full name, a suffix of path segments, or the layer object', () => {
    const capture = captureOf(model);
    const pre = capture.pre('encoder/conv');
    expect(capture.pre('conv')).toBe(pre);
    expect(capture.pre(encoder.getLayer('conv'))).toBe(pre);
    expect(messageOf(() => capture.pre('onv'))).toMatch(/no layer is called 'onv'/);
  });

  test('takes a wrapper or an RNN for the one layer that it calls', () => {
    const layers: tfl.layers.Layer[] = [
      tfl.layers.timeDistributed({name: 'td', layer: dense('d', 'relu', 2), inputShape: [3, 4]}),
      tfl.layers.bidirectional({
        name: 'both',
        mergeMode: 'concat',
        layer: tfl.layers.simpleRNN({name: 'r', units: 2, returnSequences: true}),
      }),
      tfl.layers.lstm({name: 'l', units: 2}),
    ];
    const capture = captureOf(tfl.sequential({layers}));
    const [distributed, both, lstm] = layers as [
      tfl.layers.Layer,
      tfl.layers.Layer,
      tfl.layers.Layer,
    ];
    expect(capture.pre(distributed, {call: 1})).toBe(capture.pre('td/d', {call: 1}));
    expect(capture.pre(lstm, {call: 2, slot: 4})).toBe(capture.pre('l', {call: 2, slot: 4}));
    expect(messageOf(() => capture.pre(both))).toMatch(
      /^AmbiguousLayerError: .*'both' calls several layers.*'both\/forward_r\/r', 'both\/backward_r\/r'/,
    );
  });

  test('suggests the nearest names', () => {
    expect(messageOf(() => captureOf(model).pre('encoder/cnov'))).toMatch(
      /^LayerNotFoundError: .*Did you mean 'encoder\/conv'/,
    );
  });

  test('says of a linear layer which activation comes next', () => {
    const capture = captureOf(model);
    expect(messageOf(() => capture.pre('bridge'))).toMatch(
      /'bridge' ran but its activation is linear.*The next activation downstream is 'head' \(softmax\)/,
    );
    const bridge = model.getLayer('bridge');
    expect(messageOf(() => capture.post(bridge))).toMatch(/next activation downstream is 'head'/);
  });

  test('says which layers inside a model or wrapper to ask for', () => {
    expect(messageOf(() => captureOf(model).pre('encoder'))).toMatch(
      /Inside it are 'encoder\/conv'/,
    );
  });

  test('says that the filter left a layer out', () => {
    const capture = withCapture(() => model.predict(tf.ones([1, 4])), {layers: 'head'});
    expect(messageOf(() => capture.pre('encoder/conv'))).toMatch(
      /not selected.*Add 'encoder\/conv' to layers/,
    );
  });

  test('tells models apart whose layers have the same names', () => {
    const models = [1, 2].map(() => denseModel('same', dense('dense_1', 'relu')));
    const x = tf.randomNormal([2, 4]);
    const capture = withCapture(() => models.map((each) => each.predict(x)));
    expect(messageOf(() => capture.pre('dense_1'))).toMatch(
      /^AmbiguousLayerError: .*several layers are called 'dense_1'.*Pass the layer object/,
    );
    const [first, second] = models.map((each) => capture.pre(each.getLayer('dense_1')).dataSync());
    expect(first).not.toEqual(second);
  });

  test('lists the longer names where a suffix is ambiguous', () => {
    const [left, right] = ['left', 'right'].map((name) =>
      denseModel(name, dense('conv', 'relu', 4)),
    );
    const whole = denseModel('whole', left as tfl.LayersModel, right as tfl.LayersModel);
    expect(messageOf(() => captureOf(whole).pre('conv'))).toMatch(
      /several layers end in 'conv', got 'left\/conv', 'right\/conv'/,
    );
  });

  test('says which addresses there are', () => {
    expect(messageOf(() => captureOf(model).pre('head', {call: 3}))).toMatch(
      /no hook point at \{call: 3\}.*It has \{call: 0, slot: 0\}/,
    );
  });

  test('records are found by filter, in execution order', () => {
    const capture = captureOf(model);
    expect(capture.find(['head', /conv$/]).map(({name}) => name)).toEqual(['encoder/conv', 'head']);
    expect([...capture]).toEqual(capture.records);
  });
});

describe('code outside every layer', () => {
  test('has an empty path and is told apart by call', () => {
    const x = tf.tensor1d([-1, 2]);
    const capture = withCapture(() => [tf.relu(x), tf.sigmoid(x), tf.relu(x)]);
    expect(capture.records.map(({name, activation, call}) => [name, activation, call])).toEqual([
      ['', 'relu', 0],
      ['', 'sigmoid', 1],
      ['', 'relu', 2],
    ]);
    expect(capture.pre('', {call: 1}).dataSync()).toEqual(x.dataSync());
  });

  test('can be named', () => {
    const x = tf.tensor1d([-1, 2]);
    const model = denseModel('m', dense('a', 'relu'));
    const capture = withCapture(() =>
      nameScope('encoder', () => {
        nameScope('block/one', () => tf.relu(x));
        model.predict(tf.ones([1, 4]));
        return tf.tanh(x);
      }),
    );
    expect(capture.names()).toEqual(['encoder/block/one', 'encoder/a', 'encoder']);
  });
});
