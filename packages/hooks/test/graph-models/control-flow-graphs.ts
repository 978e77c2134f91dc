/** Graphs with loops and branches, around one small layer: x → relu(x·KERNEL + BIAS), fused. */
import {intScalar, seededWeight} from './graph-fixture.js';
import type {FunctionSpec, GraphSpec, NodeSpec} from './graph-fixture.js';

export const KERNEL = seededWeight([3, 3], 41);
export const BIAS = seededWeight([3], 42);

const FLOAT = 'DT_FLOAT';
const INT = 'DT_INT32';
const inputs = {x: [-1, 3]};

/** The layer; its weights are called after it. */
const layer = (name: string, x: string): NodeSpec => ({
  name: `${name}/Relu`,
  op: '_FusedMatMul',
  inputs: [x, `${name}/kernel`, `${name}/bias`],
  attrs: {num_args: 1, fused_ops: ['BiasAdd', 'Relu'], T: {type: FLOAT}},
});
const layerWeights = (name: string): NonNullable<GraphSpec['weights']> => ({
  [`${name}/kernel`]: KERNEL,
  [`${name}/bias`]: BIAS,
});

/** i < limit */
const condition = (limit: string, steps: number, more: readonly NodeSpec[] = []): FunctionSpec => ({
  inputs: {i: INT, x: FLOAT},
  weights: {[limit]: intScalar(steps)},
  nodes: [{name: 'less', op: 'Less', inputs: ['i', limit]}, ...more],
  outputs: ['less'],
});

/** (i, x) → (i + 1, `nodes` of x) */
const body = (one: string, nodes: readonly NodeSpec[], result: string): FunctionSpec => ({
  inputs: {i: INT, x: FLOAT},
  weights: {[one]: intScalar(1)},
  nodes: [{name: 'next', op: 'AddV2', inputs: ['i', one]}, ...nodes],
  outputs: ['next', result],
});

export interface LoopOptions {
  /** Goes before the names of functions and of nodes outside the loop. */
  readonly prefix?: string;
  readonly activateInCondition?: boolean;
}

/** x → elu ('before') → the layer, `steps` times → sigmoid ('after'). */
export function loopGraph(
  op: 'While' | 'StatelessWhile',
  steps: number,
  {prefix = '', activateInCondition = false}: LoopOptions = {},
): GraphSpec {
  // What the loop's condition makes of x it does not use: it is there to be seen, as an output that is not read.
  const gate: NodeSpec = {name: 'gate', op: 'Tanh', inputs: ['x']};
  const cond = condition('limit', steps, activateInCondition ? [gate] : []);
  return {
    inputs,
    weights: {start: intScalar(0)},
    nodes: [
      {name: `${prefix}before`, op: 'Elu', inputs: ['x']},
      {
        name: `${prefix}loop`,
        op,
        inputs: ['start', `${prefix}before`],
        attrs: {cond: {func: `${prefix}cond`}, body: {func: `${prefix}body`}},
      },
      {name: `${prefix}after`, op: 'Sigmoid', inputs: [`${prefix}loop:1`]},
    ],
    outputs: [`${prefix}after`],
    functions: {
      [`${prefix}cond`]: activateInCondition ? {...cond, outputs: ['less', 'gate']} : cond,
      [`${prefix}body`]: {
        ...body('one', [layer('layer', 'x')], 'layer/Relu'),
        weights: {one: intScalar(1), ...layerWeights('layer')},
      },
    },
  };
}

/** A loop of `outer` steps over a loop of `inner` steps of the layer, and a tanh ('squash') after each. */
export function nestedLoopGraph(
  op: 'While' | 'StatelessWhile',
  outer: number,
  inner: number,
): GraphSpec {
  const loop = (name: string, scope: string, start: string, x: string): NodeSpec => ({
    name,
    op,
    inputs: [start, x],
    attrs: {cond: {func: `${scope}_cond`}, body: {func: `${scope}_body`}},
  });
  const outerBody = body(
    'outer/one',
    [
      loop('inner_loop', 'inner', 'outer/start', 'x'),
      {name: 'squash', op: 'Tanh', inputs: ['inner_loop:1']},
    ],
    'squash',
  );
  return {
    inputs,
    weights: {start: intScalar(0)},
    nodes: [
      loop('outer_loop', 'outer', 'start', 'x'),
      {name: 'result', op: 'Identity', inputs: ['outer_loop:1']},
    ],
    outputs: ['result'],
    functions: {
      outer_cond: condition('outer/limit', outer),
      outer_body: {...outerBody, weights: {...outerBody.weights, 'outer/start': intScalar(0)}},
      inner_cond: condition('inner/limit', inner),
      inner_body: {
        ...body('inner/one', [layer('layer', 'x')], 'layer/Relu'),
        weights: {'inner/one': intScalar(1), ...layerWeights('layer')},
      },
    },
  };
}

/** flag > 0 ? the layer : x·sigmoid(x), and a sigmoid ('after') of that. */
export function branchGraph(op: 'If' | 'StatelessIf'): GraphSpec {
  return {
    inputs: {...inputs, flag: []},
    weights: {zero: 0},
    nodes: [
      {name: 'positive', op: 'Greater', inputs: ['flag', 'zero']},
      {
        name: 'branch',
        op,
        inputs: ['positive', 'x'],
        attrs: {then_branch: {func: 'then_branch'}, else_branch: {func: 'else_branch'}},
      },
      {name: 'after', op: 'Sigmoid', inputs: ['branch']},
    ],
    outputs: ['after'],
    functions: {
      then_branch: {
        inputs: {x: FLOAT},
        weights: layerWeights('layer'),
        nodes: [layer('layer', 'x')],
        outputs: ['layer/Relu'],
      },
      else_branch: {
        inputs: {x: FLOAT},
        nodes: [
          {name: 'gate/Sigmoid', op: 'Sigmoid', inputs: ['x']},
          {name: 'gate', op: 'Mul', inputs: ['x', 'gate/Sigmoid']},
        ],
        outputs: ['gate'],
      },
    },
  };
}

/** The loop as TensorFlow 1 writes it: the layer, `steps` times → sigmoid ('after'). */
export function frameLoopGraph(steps: number): GraphSpec {
  const enter = (name: string, input: string, isConstant = false): NodeSpec => ({
    name,
    op: 'Enter',
    inputs: [input],
    attrs: {frame_name: 'loop', is_constant: isConstant},
  });
  return {
    inputs,
    weights: {
      start: intScalar(0),
      limit: intScalar(steps),
      one: intScalar(1),
      ...layerWeights('loop/layer'),
    },
    nodes: [
      enter('loop/enter_i', 'start'),
      enter('loop/enter_x', 'x'),
      enter('loop/enter_limit', 'limit', true),
      {name: 'loop/merge_i', op: 'Merge', inputs: ['loop/enter_i', 'loop/next_i']},
      {name: 'loop/merge_x', op: 'Merge', inputs: ['loop/enter_x', 'loop/next_x']},
      {name: 'loop/less', op: 'Less', inputs: ['loop/merge_i', 'loop/enter_limit']},
      {name: 'loop/cond', op: 'LoopCond', inputs: ['loop/less']},
      {name: 'loop/switch_i', op: 'Switch', inputs: ['loop/merge_i', 'loop/cond']},
      {name: 'loop/switch_x', op: 'Switch', inputs: ['loop/merge_x', 'loop/cond']},
      {name: 'loop/exit_x', op: 'Exit', inputs: ['loop/switch_x']},
      {name: 'loop/add', op: 'AddV2', inputs: ['loop/switch_i:1', 'one']},
      layer('loop/layer', 'loop/switch_x:1'),
      {name: 'loop/next_i', op: 'NextIteration', inputs: ['loop/add']},
      {name: 'loop/next_x', op: 'NextIteration', inputs: ['loop/layer/Relu']},
      {name: 'after', op: 'Sigmoid', inputs: ['loop/exit_x']},
    ],
    outputs: ['after'],
  };
}
