/**
 * What RNN cells compute, written out in tfjs operations: for each step, what goes into each of the
 * cell's activations, in the order in which tfjs-layers runs them.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import type {ActivationIdentifier} from '@tensorflow/tfjs-layers/dist/keras_format/activation_config.js';

import {activate} from './activation-functions.js';

/** One activation within a step. */
export interface Gate {
  readonly activation: string;
  readonly pre: Tensor;
  readonly post: Tensor;
}

/** What one step gives. */
export interface Step {
  readonly gates: readonly Gate[];
  /** The output is the first of them. */
  readonly states: readonly Tensor[];
}

export interface CellKind {
  readonly name: string;
  /** Of one time step. */
  readonly inputShape: number[];
  /** Of each state. */
  readonly stateShapes: number[][];
  readonly layer: (args: CellArgs) => layers.Layer;
  /** Undefined where the cell cannot be had without its layer. */
  readonly cell?: (args: {activation: ActivationIdentifier; name: string}) => layers.Layer;
  readonly step: (
    x: Tensor,
    states: readonly Tensor[],
    weights: readonly Tensor[],
    activation: string,
    recurrentActivation: string,
    edit?: GateEdit,
  ) => Step;
}

export interface CellArgs {
  readonly name?: string;
  readonly activation: ActivationIdentifier;
  /** SimpleRNN has none. */
  readonly recurrentActivation?: ActivationIdentifier;
  readonly returnSequences?: boolean;
  readonly goBackwards?: boolean;
}

const UNITS = 3;

/** Changes what goes into the activation of a slot, or what comes out of it. */
export type GateEdit = (slot: number, kind: 'pre' | 'post', value: Tensor) => Tensor;

/** Runs an activation and writes it down, unless it is linear. */
function gateInto(
  gates: Gate[],
  activation: string,
  computed: Tensor,
  edit: GateEdit = (_slot, _kind, value) => value,
): Tensor {
  if (activation === 'linear') return computed;
  const slot = gates.length;
  const pre = edit(slot, 'pre', computed);
  const post = edit(slot, 'post', activate(activation, pre));
  gates.push({activation, pre, post});
  return post;
}

const dot = (a: Tensor, b: Tensor): Tensor => tf.fused.matMul({a, b: b});
const addBias = (x: Tensor, bias: Tensor): Tensor =>
  tf.add(x, tf.reshape(bias, [...Array<number>(x.rank - 1).fill(1), bias.size]));
const addProducts = (f: Tensor, c: Tensor, i: Tensor, candidate: Tensor): Tensor =>
  tf.add(tf.mul(f, c), tf.mul(i, candidate));

export const SIMPLE_RNN: CellKind = {
  name: 'SimpleRNN',
  inputShape: [4],
  stateShapes: [[UNITS]],
  layer: ({recurrentActivation: _, ...args}) => layers.simpleRNN({...args, units: UNITS}),
  cell: (args) => layers.simpleRNNCell({...args, units: UNITS}),
  step(x, [h], [kernel, recurrentKernel, bias], activation, _, edit) {
    const gates: Gate[] = [];
    const pre = tf.add(addBias(dot(x, kernel!), bias!), dot(h!, recurrentKernel!));
    return {gates, states: [gateInto(gates, activation, pre, edit)]};
  },
};

export const GRU: CellKind = {
  name: 'GRU',
  inputShape: [4],
  stateShapes: [[UNITS]],
  layer: (args) => layers.gru({...args, units: UNITS}),
  cell: (args) => layers.gruCell({...args, units: UNITS}),
  step(x, [h], [kernel, recurrentKernel, bias], activation, recurrentActivation, edit) {
    const gates: Gate[] = [];
    const [intoZ, intoR, intoH] = tf.split(addBias(dot(x, kernel!), bias!), 3, 1);
    const [forGates, forCandidate] = tf.split(recurrentKernel!, [2 * UNITS, UNITS], 1);
    const [fromZ, fromR] = tf.split(dot(h!, forGates!), 2, 1);
    const z = gateInto(gates, recurrentActivation, tf.add(intoZ!, fromZ!), edit);
    const r = gateInto(gates, recurrentActivation, tf.add(intoR!, fromR!), edit);
    const candidate = tf.add(intoH!, dot(tf.mul(r, h!), forCandidate!));
    const next = gateInto(gates, activation, candidate, edit);
    return {gates, states: [addProducts(z, h!, tf.add(1, tf.neg(z)), next)]};
  },
};

export const LSTM: CellKind = {
  name: 'LSTM',
  inputShape: [4],
  stateShapes: [[UNITS], [UNITS]],
  layer: (args) => layers.lstm({...args, units: UNITS}),
  cell: (args) => layers.lstmCell({...args, units: UNITS}),
  step(x, [h, c], [kernel, recurrentKernel, bias], activation, recurrentActivation, edit) {
    const z = addBias(tf.add(dot(x, kernel!), dot(h!, recurrentKernel!)), bias!);
    const [intoI, intoF, intoC, intoO] = tf.split(z, 4, 1);
    const gates: Gate[] = [];
    const i = gateInto(gates, recurrentActivation, intoI!, edit);
    const f = gateInto(gates, recurrentActivation, intoF!, edit);
    const state = addProducts(f, c!, i, gateInto(gates, activation, intoC!, edit));
    const o = gateInto(gates, recurrentActivation, intoO!, edit);
    return {gates, states: [tf.mul(o, gateInto(gates, activation, state, edit)), state]};
  },
};

export const CONV_LSTM: CellKind = {
  name: 'ConvLSTM2D',
  inputShape: [4, 5, 2],
  stateShapes: [
    [3, 4, UNITS],
    [3, 4, UNITS],
  ],
  layer: (args) => layers.convLstm2d({...args, filters: UNITS, kernelSize: 2}),
  step(x, [h, c], [kernel, recurrentKernel, bias], activation, recurrentActivation, edit) {
    const kernels = tf.split(kernel!, 4, 3);
    const recurrentKernels = tf.split(recurrentKernel!, 4, 3);
    const biases = tf.split(bias!, 4);
    const [intoI, intoF, intoC, intoO] = kernels.map((k, gate) =>
      tf.add(
        addBias(tf.conv2d(x as Tensor4D, k as Tensor4D, 1, 'valid'), biases[gate]!),
        tf.conv2d(h as Tensor4D, recurrentKernels[gate] as Tensor4D, 1, 'same'),
      ),
    );
    const gates: Gate[] = [];
    const i = gateInto(gates, recurrentActivation, intoI!, edit);
    const f = gateInto(gates, recurrentActivation, intoF!, edit);
    const state = addProducts(f, c!, i, gateInto(gates, activation, intoC!, edit));
    const o = gateInto(gates, recurrentActivation, intoO!, edit);
    return {gates, states: [tf.mul(o, gateInto(gates, activation, state, edit)), state]};
  },
};

export const CELL_KINDS: readonly CellKind[] = [SIMPLE_RNN, GRU, LSTM, CONV_LSTM];

/**
 * Runs a cell over time.
 *
 * @param sequence [batch, time, …]
 * @returns the steps in the order in which they run
 */
export function unroll(
  kind: CellKind,
  sequence: Tensor,
  weights: readonly Tensor[],
  activation: string,
  recurrentActivation: string,
  {goBackwards = false, edit}: {goBackwards?: boolean; edit?: GateEdit} = {},
): Step[] {
  const [batch] = sequence.shape;
  let states: readonly Tensor[] = kind.stateShapes.map((shape) => tf.zeros([batch, ...shape]));
  const inputs = tf.unstack(sequence, 1);
  return (goBackwards ? inputs.reverse() : inputs).map((x) => {
    const step = kind.step(x, states, weights, activation, recurrentActivation, edit);
    ({states} = step);
    return step;
  });
}
