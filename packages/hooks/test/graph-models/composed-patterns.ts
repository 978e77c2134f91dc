/** Writes composed activations into graphs in every way in which a converter may order their products and sums. */
import type {GraphSpec, NodeSpec, WeightSpec} from './graph-fixture.js';

/** Collects the nodes of a graph under one scope; each method returns the new node's name. */
export class GraphWriter {
  readonly nodes: NodeSpec[] = [];
  readonly weights: Record<string, WeightSpec> = {};

  node(name: string, op: string, ...inputs: string[]): string {
    this.nodes.push({name, op, inputs, attrs: {T: {type: 'DT_FLOAT'}}});
    return name;
  }

  /** A node whose name does not matter. */
  inner(op: string, ...inputs: string[]): string {
    return this.node(`act/${op.toLowerCase()}_${this.nodes.length}`, op, ...inputs);
  }

  constant(value: WeightSpec): string {
    const name = `act/const_${Object.keys(this.weights).length}`;
    this.weights[name] = value;
    return name;
  }
}

/** Decides, choice by choice, which of `count` variants is written. */
export type Choose = (count: number) => number;

/** Writes an activation of the node `x`; returns the name of its last node. */
export type PatternWriter = (graph: GraphWriter, x: string, choose: Choose) => string;

/** √2, √(2/π) and so on, as the graph holds them. */
export interface PatternConstants {
  readonly half: number;
  readonly root: number;
  readonly cubic: number;
  readonly sixth: number;
  readonly three: WeightSpec;
}
export const RIGHT_CONSTANTS: PatternConstants = {
  half: 0.5,
  root: Math.SQRT2,
  cubic: 0.044715,
  sixth: 1 / 6,
  three: 3,
};

/** a·b in one of two orders. */
const commuted = (graph: GraphWriter, op: string, a: string, b: string, choose: Choose): string =>
  choose(2) === 0 ? graph.inner(op, a, b) : graph.inner(op, b, a);

/** constant · a · b: twelve products, or six that divide by the constant's inverse. */
function product(
  graph: GraphWriter,
  constant: number,
  a: string,
  b: string,
  choose: Choose,
): string {
  const byDivision = choose(3) === 0;
  const scaled = (of: string): string =>
    byDivision
      ? graph.inner('RealDiv', of, graph.constant(1 / constant))
      : commuted(graph, 'Mul', of, graph.constant(constant), choose);
  switch (choose(3)) {
    case 0:
      return scaled(commuted(graph, 'Mul', a, b, choose));
    case 1:
      return commuted(graph, 'Mul', scaled(a), b, choose);
    default:
      return commuted(graph, 'Mul', a, scaled(b), choose);
  }
}

/** x³: Pow, x·x·x in both associations, or x²·x. */
function cube(graph: GraphWriter, x: string, choose: Choose): string {
  switch (choose(4)) {
    case 0:
      return graph.inner('Pow', x, graph.constant(3));
    case 1:
      return graph.inner('Mul', graph.inner('Mul', x, x), x);
    case 2:
      return graph.inner('Mul', x, graph.inner('Mul', x, x));
    default:
      return commuted(graph, 'Mul', graph.inner('Square', x), x, choose);
  }
}

export const writeSwish: PatternWriter = (graph, x, choose) =>
  commuted(graph, 'Mul', x, graph.inner('Sigmoid', x), choose);

export const geluWriter =
  ({half, root}: PatternConstants = RIGHT_CONSTANTS): PatternWriter =>
  (graph, x, choose) => {
    const argument =
      choose(2) === 0
        ? graph.inner('RealDiv', x, graph.constant(root))
        : commuted(graph, 'Mul', x, graph.constant(1 / root), choose);
    const erf = graph.inner('Erf', argument);
    const gate = commuted(graph, addOp(choose), graph.constant(1), erf, choose);
    return product(graph, half, x, gate, choose);
  };

export const geluNewWriter =
  ({half, cubic, root}: PatternConstants = RIGHT_CONSTANTS): PatternWriter =>
  (graph, x, choose) => {
    const bent = commuted(graph, 'Mul', graph.constant(cubic), cube(graph, x, choose), choose);
    const sum = commuted(graph, addOp(choose), x, bent, choose);
    // √(2/π), which is 2/√2/√π.
    const outer = graph.constant(2 / root / Math.sqrt(Math.PI));
    const tanh = graph.inner('Tanh', commuted(graph, 'Mul', outer, sum, choose));
    const gate = commuted(graph, addOp(choose), graph.constant(1), tanh, choose);
    return product(graph, half, x, gate, choose);
  };

export const hardSwishWriter =
  ({sixth, three}: PatternConstants = RIGHT_CONSTANTS): PatternWriter =>
  (graph, x, choose) => {
    const shifted = commuted(graph, addOp(choose), x, graph.constant(three), choose);
    return product(graph, sixth, x, graph.inner('Relu6', shifted), choose);
  };

const addOp = (choose: Choose): string => (choose(2) === 0 ? 'AddV2' : 'Add');

/** x → before → the activation → after: a graph in which neither end is the graph's own. */
export function patternGraph(
  write: PatternWriter,
  choose: Choose,
): {spec: GraphSpec; last: string} {
  const graph = new GraphWriter();
  const before = graph.node('before', 'AddV2', 'x', graph.constant(0.25));
  const last = write(graph, before, choose);
  graph.node('after', 'AddV2', last, last);
  const {nodes, weights} = graph;
  return {spec: {inputs: {x: [-1, 5]}, nodes, weights, outputs: ['after']}, last};
}

/** Every way in which a writer can choose. */
export function* everyChoice(write: PatternWriter): Generator<readonly number[]> {
  for (let choices: number[] | null = []; choices;) {
    const made: {chosen: number; count: number}[] = [];
    patternGraph(write, (count) => {
      const chosen = choices?.[made.length] ?? 0;
      made.push({chosen, count});
      return chosen;
    });
    yield made.map(({chosen}) => chosen);
    // The next number in a system whose digits have different bases.
    while (made.length > 0 && made.at(-1)!.chosen === made.at(-1)!.count - 1) made.pop();
    choices = made.length > 0 ? made.map(({chosen}) => chosen) : null;
    if (choices) choices[choices.length - 1]!++;
  }
}

/** Repeats choices that were made before. */
export function repeat(choices: readonly number[]): Choose {
  let next = 0;
  return (count) => (choices[next++] ?? 0) % count;
}
