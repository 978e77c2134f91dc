/**
 * Recognises an activation that a graph computes by several nodes, as converters write it: x·sigmoid(x)
 * is swish, for example. Only what is certain counts: the constants are known and right, and what is
 * computed on the way goes nowhere else.
 */
import type {GraphExecutor, GraphNode} from './graph-executor.js';

/** One output of a node. */
export interface Output {
  readonly node: GraphNode;
  readonly index: number;
}

/** A product of outputs and one number. */
interface Product {
  readonly factor: number;
  readonly terms: readonly Output[];
}

const ADD = /^Add(V2)?$/;
const PRODUCT = /^(Mul|RealDiv|Square|Pow)$/;

/** One attempt to read a node as the end of an activation. */
export class ActivationPattern {
  readonly parts = new Set<GraphNode>();

  constructor(private readonly executor: GraphExecutor) {}

  match(end: GraphNode): {activation: string; input: Output} | null {
    if (end.op !== 'Mul' && end.op !== 'RealDiv') return null;
    const {factor, terms} = this.productOf(end);
    const [a, b] = terms;
    if (!a || !b || terms.length > 2) return null;
    for (const [input, gate] of [
      [a, b],
      [b, a],
    ] as const) {
      const activation = this.gateOf(gate, input, factor);
      if (activation !== null) return {activation, input};
    }
    return null;
  }

  /** What x times `gate` times `factor` is. */
  private gateOf(gate: Output, x: Output, factor: number): string | null {
    const {node} = gate;
    if (!this.enter(node)) return null;
    if (node.op === 'Sigmoid') return isNear(factor, 1) && this.isInput(node, x) ? 'swish' : null;
    if (node.op === 'Relu6') {
      const [sum] = this.inputsOf(node);
      return isNear(factor, 1 / 6) && this.isSum(sum, 3, (other) => same(other, x))
        ? 'hardSwish'
        : null;
    }
    if (!isNear(factor, 0.5)) return null;
    let activation: string | null = null;
    const isGelu = this.isSum(gate, 1, ({node: inner}) => {
      const [argument] = this.inputsOf(inner);
      if (!argument || !this.enter(inner)) return false;
      if (inner.op === 'Erf')
        activation = this.isMultiple(argument, x, Math.SQRT1_2) ? 'gelu' : null;
      if (inner.op === 'Tanh') activation = this.isCubic(argument, x) ? 'gelu_new' : null;
      return activation !== null;
    });
    return isGelu ? activation : null;
  }

  /** √(2/π)·(x + 0.044715·x³), or the same with one x taken out. */
  private isCubic(output: Output, x: Output): boolean {
    if (!this.enter(output.node)) return false;
    const {factor, terms} = this.productOf(output.node);
    if (!isNear(factor, Math.sqrt(2 / Math.PI))) return false;
    const power = (times: number) => (other: Output) => {
      if (!this.enter(other.node)) return false;
      const product = this.productOf(other.node);
      return isNear(product.factor, 0.044715) && isPower(product.terms, x, times);
    };
    const rest = terms.filter((term) => !same(term, x));
    const [sum] = rest;
    if (!sum || rest.length > 1) return false;
    if (terms.length === 2) return this.isSum(sum, 1, power(2));
    return terms.length === 1 && this.isSum(sum, x, power(3));
  }

  private isMultiple(output: Output, x: Output, factor: number): boolean {
    if (!this.enter(output.node)) return false;
    const product = this.productOf(output.node);
    return isNear(product.factor, factor) && isPower(product.terms, x, 1);
  }

  /** Whether an output is `known` plus what `isOther` says. */
  private isSum(
    output: Output | undefined,
    known: number | Output,
    isOther: (other: Output) => boolean,
  ): boolean {
    if (!output || !ADD.test(output.node.op) || !this.enter(output.node)) return false;
    const [a, b] = this.inputsOf(output.node);
    if (!a || !b) return false;
    const isKnown = (one: Output): boolean =>
      typeof known === 'number' ? isNear(this.constantOf(one), known) : same(one, known);
    return (isKnown(a) && isOther(b)) || (isKnown(b) && isOther(a));
  }

  private isInput(node: GraphNode, x: Output): boolean {
    const [input] = this.inputsOf(node);
    return input !== undefined && same(input, x);
  }

  /** Takes a tree of products apart, as far as nobody else uses what is in between. */
  private productOf(node: GraphNode): Product {
    let factor = 1;
    const terms: Output[] = [];
    const collect = (output: Output, isTop: boolean): void => {
      const constant = this.constantOf(output);
      if (constant !== null) {
        factor *= constant;
        return;
      }
      const {op} = output.node;
      const [a, b] = this.inputsOf(output.node);
      const divisor = b && op === 'RealDiv' ? this.constantOf(b) : null;
      const exponent = b && op === 'Pow' ? this.constantOf(b) : op === 'Square' ? 2 : null;
      const isProduct =
        a &&
        PRODUCT.test(op) &&
        (b ? op === 'Mul' || divisor !== null || exponent !== null : exponent !== null);
      if (!isProduct || !(isTop || this.enter(output.node))) {
        terms.push(output);
        return;
      }
      if (exponent !== null) {
        if (exponent === 2 || exponent === 3)
          terms.push(...Array.from({length: exponent}, () => a));
        else terms.push(output);
        return;
      }
      collect(a, false);
      if (divisor !== null) factor /= divisor;
      else if (b) collect(b, false);
    };
    collect({node, index: 0}, true);
    return {factor, terms};
  }

  /** Takes a node as a part, if its output is used once. */
  private enter(node: GraphNode): boolean {
    if (node.children.length !== 1) return false;
    this.parts.add(node);
    return true;
  }

  private inputsOf(node: GraphNode): Output[] {
    return node.inputs.map((input, i) => ({node: input, index: indexOf(node.inputNames[i])}));
  }

  /** The number that an output always is, or null. */
  private constantOf({node}: Output): number | null {
    if (node.op !== 'Const') return null;
    const tensor = this.executor.weightMap[node.name]?.[0];
    if (tensor?.size !== 1 || tensor.rank > 1) return null;
    try {
      return tensor.dataSync()[0] ?? null;
    } catch {
      return null; // a backend that can only be read asynchronously
    }
  }
}

const indexOf = (name = ''): number => Number(/:(\d+)$/.exec(name)?.[1] ?? 0);

const same = (a: Output, b: Output): boolean => a.node === b.node && a.index === b.index;

const isPower = (terms: readonly Output[], x: Output, times: number): boolean =>
  terms.length === times && terms.every((term) => same(term, x));

/** Up to how half precision rounds it, in which many converted models keep their constants. */
const isNear = (value: number | null, expected: number): boolean =>
  value !== null && Math.abs(value - expected) <= 2 ** -11 * Math.abs(expected);
