/**
 * Walks through a model with shapes in place of tensors, the way `execute` and the layers' own `call` go
 * in inference.
 *
 * Beside its shape a value has something in place of its data: a record that shares its data with another
 * is counted once.
 */
import {kernelOfFunction} from '@tfjs-capture/core';
import type {DryRun, ShapedValue} from '@tfjs-capture/core';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';
import {functionNamed, gatesOf, isQuiet, kernelIn, sharingOf} from './estimated-classes.js';
import type {LayerFields} from './estimated-classes.js';
import {executionOrder} from './execution-order.js';
import type {LayerGraph} from './execution-order.js';
import {ofTfjsNamed, traitsOf} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
import {expectFit, shapesOf} from './layer-shapes.js';

/** Values by the symbolic tensors that they are of. */
type Values = Map<SymbolicTensor, ShapedValue>;

/** A value that shares its data with none so far. */
export const fresh = (shape: readonly number[]): ShapedValue => ({shape: [...shape], data: {}});

export class ShapeWalk {
  /** Names of layers that may do anything: nobody but their `call` knows what. */
  readonly unknown = new Set<string>();

  /** @param clonesCopy whether the backend's Identity makes data of its own, as WASM's does */
  constructor(
    private readonly run: DryRun,
    private readonly clonesCopy: boolean,
  ) {}

  /** One forward pass of a model. */
  pass(model: Layer & LayerGraph, inputs: readonly ShapedValue[]): void {
    this.run.call(model, model.name, 'model', () => this.graph(model, inputs));
  }

  private graph(model: LayerGraph, inputs: readonly ShapedValue[]): readonly ShapedValue[] {
    const values: Values = new Map();
    const put = (tensor: SymbolicTensor, value: ShapedValue | undefined): void => {
      if (value && !values.has(tensor)) values.set(tensor, value);
    };
    const get = (tensors: readonly SymbolicTensor[]): ShapedValue[] =>
      tensors.flatMap((tensor) => values.get(tensor) ?? []);
    model.inputs.forEach((tensor, i) => {
      put(tensor, inputs[i]);
    });
    for (const tensor of executionOrder(model)) {
      const {sourceLayer} = tensor;
      const outputs = this.apply(sourceLayer, get(tensor.inputs));
      const node = sourceLayer.inboundNodes.find(({outputTensors}) =>
        outputTensors.includes(tensor),
      );
      node?.outputTensors.forEach((other, i) => {
        put(other, outputs[i]);
      });
    }
    return get(model.outputs);
  }

  private apply(layer: Layer, inputs: readonly ShapedValue[]): readonly ShapedValue[] {
    const clone = ({shape, data}: ShapedValue): ShapedValue => ({
      shape,
      data: this.clonesCopy ? {} : data,
    });
    const {cell, forwardLayer} = layer as LayerFields;
    // What follows are initial states, which are no input to `call`.
    const given = (cell ?? forwardLayer) ? inputs.slice(0, 1) : inputs;
    expectFit(layer, given);
    return this.call(layer, given).map((output) =>
      given.includes(output) ? clone(output) : output,
    );
  }

  private call(layer: Layer, inputs: readonly ShapedValue[]): readonly ShapedValue[] {
    const {kind, activation} = traitsOf(layer);
    if (kind === 'input') return inputs;
    return this.run.call(layer, layer.name, kind, () => {
      const [input] = inputs;
      if (kind === 'model') return this.graph(layer as Layer & LayerGraph, inputs);
      if (!input) return [];
      if (activation === null) return this.inside(layer, input, inputs);
      return [this.activate(activation, kernelOfFunction(activation), input)];
    });
  }

  private inside(
    layer: Layer & LayerFields,
    input: ShapedValue,
    inputs: readonly ShapedValue[],
  ): readonly ShapedValue[] {
    const className = ofTfjsNamed(layer);
    if (layer.cell) return this.recurrent(layer, input);
    if (className === 'Bidirectional') return this.bidirectional(layer, input);
    if (className === 'TimeDistributed') return this.overTime(layer, input);
    if (className === 'Softmax') return [this.activate('softmax', 'Softmax', input)];
    const outputs = shapesOf(layer, inputs).map(fresh);
    const [output, ...more] = outputs;
    if (output && layer.activation !== undefined) {
      const isAlone = className === 'Activation';
      const name = functionNamed(layer.activation);
      if (name === null) return isAlone ? [input] : outputs;
      const pre = isAlone ? input : output;
      return [this.activate(name, kernelIn(layer, name), pre), ...more];
    }
    if (!isQuiet(layer)) this.unknown.add(this.run.here);
    else if (sharingOf(layer) === 'input') return [input];
    else if (output && sharingOf(layer) === 'data') return [{...output, data: input.data}];
    return outputs;
  }

  /** Returns what comes out. */
  private activate(name: string, kernel: string, pre: ShapedValue): ShapedValue {
    const post = fresh(pre.shape);
    this.run.activate(name, kernel, pre, post);
    return post;
  }

  private recurrent(layer: Layer & LayerFields, input: ShapedValue): readonly ShapedValue[] {
    const {cell, returnSequences} = layer;
    const state = layer.computeSingleOutputShape?.(input.shape);
    let last = input;
    for (const step of stepsOf(input)) {
      last = this.step(cell as Layer, step, state && withoutTime(state));
    }
    const [output = [], ...states] = shapesOf(layer, [input]);
    // The first state is the output of the last step.
    const all = [returnSequences ? fresh(output) : last, last, ...states.slice(1).map(fresh)];
    return all.slice(0, 1 + states.length);
  }

  /** @param state the shape of a convolutional cell's states */
  private step(cell: Layer & LayerFields, input: ShapedValue, state?: number[]): ShapedValue {
    const run = (): ShapedValue[] => {
      if (cell.cells) return [cell.cells.reduce((value, one) => this.step(one, value), input)];
      const gates = gatesOf(cell);
      if (gates === null) this.unknown.add(this.run.here);
      const [units] = [cell.stateSize ?? 0].flat() as [number];
      const shape = state ?? [...input.shape.slice(0, 1), units];
      const posts = gates?.map((gate) => this.activate(gate, kernelOfFunction(gate), fresh(shape)));
      return [(ofTfjsNamed(cell) === 'SimpleRNNCell' && posts?.[0]) || fresh(shape)];
    };
    const [output] = this.run.call(cell, cell.name, 'layer', run);
    return output as ShapedValue;
  }

  private bidirectional(layer: LayerFields & Layer, input: ShapedValue): readonly ShapedValue[] {
    const {forwardLayer, backwardLayer, mergeMode, returnSequences} = layer;
    const [forward, ...states] = this.call(forwardLayer as Layer, [input]);
    const [backward, ...others] = this.call(backwardLayer as Layer, [input]);
    if (!forward || !backward) return [];
    const [output = []] = shapesOf(layer, [input]);
    const outputs =
      mergeMode == null
        ? [forward, returnSequences ? fresh(backward.shape) : backward]
        : [fresh(output)];
    return [...outputs, ...states, ...others];
  }

  private overTime(layer: LayerFields & Layer, input: ShapedValue): readonly ShapedValue[] {
    for (const step of stepsOf(input)) this.call(layer.layer as Layer, [step]);
    return shapesOf(layer, [input]).map(fresh);
  }
}

const withoutTime = (shape: readonly number[]): number[] => [
  ...shape.slice(0, 1),
  ...shape.slice(2),
];

const stepsOf = ({shape}: ShapedValue): ShapedValue[] =>
  Array.from({length: shape[1] ?? 0}, () => fresh(withoutTime(shape)));
