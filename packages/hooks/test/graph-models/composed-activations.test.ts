// Activations that converters write as several nodes: recognised in every order, and not where they only look alike.
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

import {withCapture} from '@tfjs-capture/hooks';
import {download, expectSameBits} from '../fidelity/float-bits.js';
import {onRoute, ROUTES} from '../fidelity/routes.js';
import {seeded} from '../fidelity/seeded-values.js';
import {
  everyChoice,
  geluNewWriter,
  geluWriter,
  GraphWriter,
  hardSwishWriter,
  patternGraph,
  repeat,
  RIGHT_CONSTANTS,
  writeSwish,
} from './composed-patterns.js';
import type {Choose, PatternWriter} from './composed-patterns.js';
import {buildGraphModel} from './graph-fixture.js';
import type {GraphSpec} from './graph-fixture.js';

/** The functions themselves, in double precision: they check what the writers write. */
const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  swish: (x) => x / (1 + Math.exp(-x)),
  hardSwish: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  gelu_new: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

const WRITERS: readonly [string, PatternWriter][] = [
  ['swish', writeSwish],
  ['gelu', geluWriter()],
  ['gelu_new', geluNewWriter()],
  ['hardSwish', hardSwishWriter()],
];

/** Fails unless a graph's activation is one hook point with its true input and output. */
async function expectComposed(
  write: PatternWriter,
  activation: string,
  choose: Choose,
  digits = 4,
) {
  const {spec, last} = patternGraph(write, choose);
  const model = await buildGraphModel(spec);
  for (const route of ROUTES) {
    onRoute(route, () => {
      const x = seeded([3, 5], 9, 4);
      const [result, before, after] = model.execute(x, ['after', 'before', last]) as Tensor[];
      const capture = withCapture(() => model.execute(x) as Tensor, {record: ['pre', 'post']});
      expect(
        capture.records.map(({name, activation: of, kernel, call, slot}) => [
          name,
          of,
          kernel,
          call,
          slot,
        ]),
      ).toEqual([[last, activation, 'composed', 0, 0]]);
      expectSameBits('result', capture.result, result!);
      expectSameBits('pre', capture.pre(last), before!);
      expectSameBits('post', capture.post(last), after!);
      const values = capture.post(last).dataSync();
      const inputs = capture.pre(last).dataSync();
      inputs.forEach((input, i) => {
        expect(values[i]).toBeCloseTo(FUNCTIONS[activation]!(input), digits);
      });
    });
  }
  model.dispose();
}

describe('every order of', () => {
  test.each([
    ['swish', writeSwish, 2],
    ['gelu', geluWriter(), 3 * 4 * (2 * 5 + 8)],
    ['hardSwish', hardSwishWriter(), 4 * (2 * 5 + 8)],
  ] as const)('%s', async (activation, write, atLeast) => {
    const choices = [...everyChoice(write)];
    expect(choices.length).toBeGreaterThanOrEqual(atLeast);
    for (const chosen of choices) await expectComposed(write, activation, repeat(chosen));
  });

  test('gelu_new, of which there are thousands: some of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(11), {minLength: 20, maxLength: 20}), (choices) =>
        expectComposed(geluNewWriter(), 'gelu_new', repeat(choices)),
      ),
      {numRuns: 60, seed: 4},
    );
  });
});

const float16 = (value: number): number => {
  const step = 2 ** (Math.floor(Math.log2(value)) - 10);
  return Math.round(value / step) * step;
};

test.each([
  ['hardSwish', hardSwishWriter({...RIGHT_CONSTANTS, sixth: float16(1 / 6)}), 1 / 6],
  ['gelu_new', geluNewWriter({...RIGHT_CONSTANTS, cubic: float16(0.044715)}), 0.044715],
] as const)('%s of a model quantised to half precision', async (activation, write, value) => {
  expect(float16(value)).not.toBe(value);
  await expectComposed(write, activation, repeat([1]), 2);
});

/** The name, activation and kernel of each hook point of one pass, in order of names. */
async function pointsOf(
  spec: GraphSpec,
  inputs: (x: Tensor) => tf.NamedTensorMap = (x) => ({x}),
): Promise<string[]> {
  const model = await buildGraphModel(spec);
  const points = tf.tidy(() => {
    const x = seeded([3, 5], 9, 4);
    const plain = model.execute(inputs(x)) as Tensor;
    const capture = withCapture(() => model.execute(inputs(x)) as Tensor, {
      record: ['pre', 'post'],
    });
    expectSameBits('result', capture.result, plain);
    return capture.records.map(
      ({name, activation, kernel}) => `${name}: ${activation} by ${kernel}`,
    );
  });
  model.dispose();
  return points.sort();
}

const first: Choose = () => 0;
/** A graph of what `write` returns, and other nodes of its own. */
function graphOf(
  write: (graph: GraphWriter) => string,
  inputs: GraphSpec['inputs'] = {},
): GraphSpec {
  const graph = new GraphWriter();
  const output = write(graph);
  const {nodes, weights} = graph;
  return {inputs: {x: [-1, 5], ...inputs}, nodes, weights, outputs: [output]};
}

describe('what only looks alike keeps its kernels:', () => {
  const off = (value: number): number => value * (1 + 1e-3);
  const wrong = (change: Partial<typeof RIGHT_CONSTANTS>) => ({...RIGHT_CONSTANTS, ...change});
  const ofScope = (write: PatternWriter): GraphSpec => patternGraph(write, first).spec;
  const nameOf = (spec: GraphSpec, op: string): string =>
    spec.nodes.find((node) => node.op === op)!.name;

  test.each([
    ['0.5', wrong({half: off(0.5)})],
    ['√2', wrong({root: off(Math.SQRT2)})],
  ])('gelu with another constant than %s', async (_, constants) => {
    expect(await pointsOf(ofScope(geluWriter(constants)))).toEqual([]);
  });

  test.each([
    ['0.5', wrong({half: off(0.5)})],
    ['√(2/π)', wrong({root: off(Math.SQRT2)})],
    ['0.044715', wrong({cubic: off(0.044715)})],
  ])('gelu_new with another constant than %s', async (_, constants) => {
    const spec = ofScope(geluNewWriter(constants));
    expect(await pointsOf(spec)).toEqual([`${nameOf(spec, 'Tanh')}: tanh by Tanh`]);
  });

  test.each([
    ['1/6', wrong({sixth: off(1 / 6)})],
    ['3', wrong({three: off(3)})],
    ['one 3 for all channels', wrong({three: {shape: [5], values: [3, 3, 3, 3, 2.5]}})],
  ])('hardSwish with another constant than %s', async (_, constants) => {
    const spec = ofScope(hardSwishWriter(constants));
    expect(await pointsOf(spec)).toEqual([`${nameOf(spec, 'Relu6')}: relu6 by Relu6`]);
  });

  test('x·sigmoid(y)', async () => {
    const spec = graphOf(
      (graph) => graph.node('mul', 'Mul', 'x', graph.node('gate', 'Sigmoid', 'y')),
      {y: [-1, 5]},
    );
    expect(await pointsOf(spec, (x) => ({x, y: tf.neg(x)}))).toEqual(['gate: sigmoid by Sigmoid']);
  });

  test('x·relu6(y + 3)/6', async () => {
    const spec = graphOf(
      (graph) => {
        const sum = graph.node('sum', 'AddV2', 'y', graph.constant(3));
        const gate = graph.node('gate', 'Relu6', sum);
        const product = graph.node('product', 'Mul', 'x', gate);
        return graph.node('sixth', 'RealDiv', product, graph.constant(6));
      },
      {y: [-1, 5]},
    );
    expect(await pointsOf(spec, (x) => ({x, y: tf.neg(x)}))).toEqual(['gate: relu6 by Relu6']);
  });

  test('outputs of one node that are not the same one: x:0·sigmoid(x:1)', async () => {
    const unpack = (gateOf: string): GraphSpec => {
      const spec = graphOf((graph) =>
        graph.node('mul', 'Mul', 'parts', graph.node('gate', 'Sigmoid', gateOf)),
      );
      const parts = {name: 'parts', op: 'Unpack', inputs: ['x'], attrs: {num: 5, axis: 1}};
      return {...spec, nodes: [parts, ...spec.nodes]};
    };
    expect(await pointsOf(unpack('parts:1'))).toEqual(['gate: sigmoid by Sigmoid']);
    expect(await pointsOf(unpack('parts:0'))).toEqual(['mul: swish by composed']);
  });

  test('a gate that somebody else uses too', async () => {
    const spec = graphOf((graph) => {
      const gate = graph.node('gate', 'Sigmoid', 'x');
      const product = graph.node('mul', 'Mul', 'x', gate);
      return graph.node('sum', 'AddV2', product, gate);
    });
    expect(await pointsOf(spec)).toEqual(['gate: sigmoid by Sigmoid']);
  });

  test('sigmoid(x)², and sigmoid(x)·sigmoid(x) of two nodes', async () => {
    const one = graphOf((graph) => {
      const gate = graph.node('gate', 'Sigmoid', 'x');
      return graph.node('mul', 'Mul', gate, gate);
    });
    expect(await pointsOf(one)).toEqual(['gate: sigmoid by Sigmoid']);
    const two = graphOf((graph) =>
      graph.node('mul', 'Mul', graph.node('a', 'Sigmoid', 'x'), graph.node('b', 'Sigmoid', 'x')),
    );
    expect(await pointsOf(two)).toEqual(['a: sigmoid by Sigmoid', 'b: sigmoid by Sigmoid']);
  });

  test('x·sigmoid(1.702·x), and 2·x·sigmoid(x)', async () => {
    const quick = graphOf((graph) => {
      const scaled = graph.node('scaled', 'Mul', 'x', graph.constant(1.702));
      return graph.node('mul', 'Mul', 'x', graph.node('gate', 'Sigmoid', scaled));
    });
    expect(await pointsOf(quick)).toEqual(['gate: sigmoid by Sigmoid']);
    const doubled = graphOf((graph) => {
      const scaled = graph.node('scaled', 'Mul', 'x', graph.constant(2));
      return graph.node('mul', 'Mul', scaled, graph.node('gate', 'Sigmoid', 'x'));
    });
    expect(await pointsOf(doubled)).toEqual(['gate: sigmoid by Sigmoid']);
  });

  test('gelu_new with a square in place of the cube', async () => {
    const spec = graphOf((graph) => {
      const power = graph.node('power', 'Pow', 'x', graph.constant(2));
      const bent = graph.node('bent', 'Mul', power, graph.constant(0.044715));
      const sum = graph.node('sum', 'AddV2', 'x', bent);
      const scaled = graph.node('scaled', 'Mul', sum, graph.constant(Math.sqrt(2 / Math.PI)));
      const gate = graph.node(
        'gate',
        'AddV2',
        graph.node('tanh', 'Tanh', scaled),
        graph.constant(1),
      );
      const half = graph.node('half', 'Mul', 'x', graph.constant(0.5));
      return graph.node('mul', 'Mul', half, gate);
    });
    expect(await pointsOf(spec)).toEqual(['tanh: tanh by Tanh']);
  });

  test('hard sigmoid: relu6(x + 3)/6', async () => {
    const spec = graphOf((graph) => {
      const sum = graph.node('sum', 'AddV2', 'x', graph.constant(3));
      return graph.node('mul', 'Mul', graph.node('gate', 'Relu6', sum), graph.constant(1 / 6));
    });
    expect(await pointsOf(spec)).toEqual(['gate: relu6 by Relu6']);
  });

  test('a constant that the caller feeds', async () => {
    const spec = graphOf(
      (graph) => {
        const sum = graph.node('sum', 'AddV2', 'x', 'three');
        const product = graph.node('product', 'Mul', 'x', graph.node('gate', 'Relu6', sum));
        return graph.node('sixth', 'Mul', product, graph.constant(1 / 6));
      },
      {three: []},
    );
    expect(await pointsOf(spec, (x) => ({x, three: tf.scalar(3)}))).toEqual([
      'gate: relu6 by Relu6',
    ]);
  });

  test('a gate whose value the caller feeds, so that nothing is activated', async () => {
    const spec = graphOf((graph) =>
      graph.node('mul', 'Mul', 'x', graph.node('gate', 'Sigmoid', 'x')),
    );
    expect(await pointsOf(spec)).toEqual(['mul: swish by composed']);
    expect(await pointsOf(spec, (x) => ({x, gate: tf.neg(x)}))).toEqual([]);
  });

  test('a step on the way whose value the caller feeds', async () => {
    const spec = graphOf((graph) => {
      const scaled = graph.node('scaled', 'Mul', 'x', graph.constant(Math.SQRT1_2));
      const sum = graph.node('sum', 'AddV2', graph.node('erf', 'Erf', scaled), graph.constant(1));
      const half = graph.node('half', 'Mul', 'x', graph.constant(0.5));
      return graph.node('mul', 'Mul', half, sum);
    });
    expect(await pointsOf(spec)).toEqual(['mul: gelu by composed']);
    expect(await pointsOf(spec, (x) => ({x, scaled: tf.neg(x)}))).toEqual([]);
  });
});

describe('a composed activation', () => {
  const swish = (): GraphSpec =>
    graphOf((graph) => {
      const h = graph.node('h', 'AddV2', 'x', graph.constant(1));
      return graph.node('mul', 'Mul', h, graph.node('gate', 'Sigmoid', h));
    });

  test('is one though its gate is asked for', async () => {
    const model = await buildGraphModel(swish());
    tf.tidy(() => {
      const x = seeded([3, 5], 9, 4);
      const names = ['mul', 'gate', 'h'];
      const plain = model.execute(x, names) as Tensor[];
      const capture = withCapture(() => model.execute(x, names) as Tensor[], {
        record: ['pre', 'post'],
      });
      plain.forEach((one, i) => expectSameBits(names[i]!, capture.result[i]!, one));
      expect(capture.names()).toEqual(['mul']);
      expectSameBits('pre', capture.pre('mul'), plain[2]!);
      expectSameBits('post', capture.post('mul'), plain[0]!);
    });
    model.dispose();
  });

  test('whose gate alone is asked for is none: the kernel ran by itself', async () => {
    const model = await buildGraphModel(swish());
    tf.tidy(() => {
      const x = seeded([3, 5], 9, 4);
      const plain = model.execute(x, ['gate']) as Tensor;
      const capture = withCapture(() => model.execute(x, ['gate']) as Tensor, {
        record: ['pre', 'post'],
      });
      expectSameBits('result', capture.result, plain);
      const points = capture.records.map(({name, activation}) => [name, activation]);
      expect(points).toEqual([['gate', 'sigmoid']]);
    });
    model.dispose();
  });

  test('can have a placeholder, a weight or a fed node for its input', async () => {
    const direct = await buildGraphModel(
      graphOf((graph) => graph.node('mul', 'Mul', graph.node('gate', 'Sigmoid', 'x'), 'x')),
    );
    const ofWeight = await buildGraphModel(
      graphOf((graph) => {
        const weight = graph.constant({shape: [5], values: [-2, -1, 0, 1, 2]});
        const gated = graph.node('mul', 'Mul', graph.node('gate', 'Sigmoid', weight), weight);
        return graph.node('sum', 'AddV2', gated, 'x');
      }),
    );
    const fed = await buildGraphModel(swish());
    tf.tidy(() => {
      const x = seeded([3, 5], 9, 4);
      const record = ['pre', 'post'] as const;
      const one = withCapture(() => direct.execute(x) as Tensor, {record});
      expect(one.get('mul').activation).toBe('swish');
      expectSameBits('placeholder', one.pre('mul'), x);
      const two = withCapture(() => ofWeight.execute(x) as Tensor, {record});
      expect(two.get('mul').activation).toBe('swish');
      expect([...two.pre('mul').dataSync()]).toEqual([-2, -1, 0, 1, 2]);
      const three = withCapture(() => fed.execute({h: x}) as Tensor, {record});
      expect(three.get('mul').activation).toBe('swish');
      expectSameBits('fed', three.pre('mul'), x);
      expectSameBits('fed post', three.post('mul'), tf.mul(x, tf.sigmoid(x)));
    });
    for (const model of [direct, ofWeight, fed]) model.dispose();
  });

  test('of a composed activation, and of a fused node: each is a hook point', async () => {
    const spec = graphOf((graph) => {
      const relu = graph.node('relu', 'Relu', 'x');
      const a = graph.node('a', 'Mul', relu, graph.node('a/gate', 'Sigmoid', relu));
      return graph.node('b', 'Mul', graph.node('b/gate', 'Sigmoid', a), a);
    });
    const model = await buildGraphModel(spec);
    tf.tidy(() => {
      const x = seeded([3, 5], 9, 4);
      const capture = withCapture(() => model.execute(x) as Tensor, {record: ['pre', 'post']});
      const points = capture.records.map(({name, activation}) => [name, activation]);
      expect(points).toEqual([
        ['relu', 'relu'],
        ['a', 'swish'],
        ['b', 'swish'],
      ]);
      expectSameBits('b.pre', capture.pre('b'), capture.post('a'));
      expectSameBits('a.pre', capture.pre('a'), capture.post('relu'));
    });
    model.dispose();
  });

  test('is selected by its name and its function, and its gate by neither', async () => {
    const model = await buildGraphModel(swish());
    tf.tidy(() => {
      const x = seeded([3, 5], 9, 4);
      const names = (options: Parameters<typeof withCapture>[1]) =>
        withCapture(() => model.execute(x), options).names();
      expect(names({activations: 'swish'})).toEqual(['mul']);
      expect(names({activations: 'sigmoid'})).toEqual([]);
      expect(names({layers: 'mul'})).toEqual(['mul']);
      expect(names({layers: 'gate'})).toEqual([]);
    });
    model.dispose();
  });

  test.each(WRITERS)('stands on the gradient tape: %s', async (_, write) => {
    const {spec, last} = patternGraph(write, first);
    const model = await buildGraphModel(spec);
    tf.tidy(() => {
      const x = seeded([3, 5], 9, 2);
      const square = (value: Tensor): tf.Scalar => tf.sum(tf.square(value));
      const captured = (kind: 'pre' | 'post') =>
        tf.grad((input) => {
          const capture = withCapture(() => model.execute(input), {record: [kind]});
          return square(capture[kind](last));
        })(x);
      const plain = (node: string) =>
        tf.grad((input) => square(model.execute(input, [node]) as Tensor))(x);
      const gradient = download(plain(last));
      expect(Array.from(gradient.values).some((value) => value !== 0)).toBe(true);
      expectSameBits('gradient of pre', captured('pre'), plain('before'));
      expectSameBits('gradient of post', captured('post'), gradient);
    });
    model.dispose();
  });
});

/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - poly * Math.exp(-x * x));
}
