/**
 * The one place that touches tfjs-layers' classes: it tells core which layer runs.
 *
 * How: `call` of every layer class is swapped while a scope is open, since everything ends there:
 * `apply`, nested models, wrappers, RNN cells. `apply` of every activation function is swapped, since
 * composed ones can be seen nowhere else. The outermost model shows itself in the four methods of
 * LayersModel from which forward passes start. Classes that nobody registered are found when one of
 * their instances is applied, or seen in a field of another layer.
 */
import {activeScope, runActivation, runLayer} from '@tfjs-capture/core';
import type {CaptureScope, Companion} from '@tfjs-capture/core';
import {serialization, Tensor} from '@tensorflow/tfjs-core';
import {layers, LayersModel} from '@tensorflow/tfjs-layers';
import {activationOfLayer, isDelegate, isLayer, layerClassOf} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
import {MethodSwaps} from './method-swaps.js';

type LayerMethod = (this: Layer, ...args: unknown[]) => unknown;
interface ActivationFunction {
  getClassName?(): string;
  apply(...args: unknown[]): unknown;
}
type ActivationMethod = (this: ActivationFunction, ...args: unknown[]) => unknown;
type Step = (data: Tensor[]) => unknown;
type ModelMethod = (this: Model, ...args: unknown[]) => unknown;
/** What is used of a LayersModel here; `testFunction` is private there. */
interface Model {
  readonly name: string;
  testFunction: Step;
}

export function createLayersBinding(): Companion {
  const calls = new MethodSwaps<'call', LayerMethod>('call', wrapCall, (holder, method) => {
    holder.call = method;
  });
  const applies = new MethodSwaps<'apply', LayerMethod>('apply', wrapApply, (holder, method) => {
    holder.apply = method;
  });
  const activations = new MethodSwaps<'apply', ActivationMethod>(
    'apply',
    wrapActivation,
    (holder, method) => {
      holder.apply = method;
    },
  );
  const predictLoops = new MethodSwaps<'predictLoop', ModelMethod>(
    'predictLoop',
    wrapPass,
    (holder, method) => {
      holder.predictLoop = method;
    },
  );
  const executes = new MethodSwaps<'execute', ModelMethod>('execute', wrapPass, (holder, method) => {
    holder.execute = method;
  });
  const trainers = new MethodSwaps<'makeTrainFunction', ModelMethod>(
    'makeTrainFunction',
    wrapMakeTrainFunction,
    (holder, method) => {
      holder.makeTrainFunction = method;
    },
  );
  const testers = new MethodSwaps<'makeTestFunction', ModelMethod>(
    'makeTestFunction',
    wrapMakeTestFunction,
    (holder, method) => {
      holder.makeTestFunction = method;
    },
  );
  const all = [calls, applies, activations, predictLoops, executes, trainers, testers];

  const known = new WeakSet();
  const inspected = new WeakSet();
  let registered = 0;
  /** Models whose test function is ours, with the one that they made. */
  const tested = new Map<Model, {ours: Step; original: Step}>();

  applies.add(layers.Layer.prototype);
  for (const swaps of [predictLoops, executes, trainers, testers]) swaps.add(LayersModel.prototype);

  function findRegisteredClasses(): void {
    const {classNameMap} = serialization.SerializationMap.getMap();
    const names = Object.keys(classNameMap);
    if (names.length === registered) return;
    registered = names.length;
    const relu = classNameMap.relu?.[0];
    const Activation = relu && (Object.getPrototypeOf(relu) as typeof relu);
    for (const name of names) {
      const prototype: unknown = classNameMap[name]?.[0].prototype;
      if (isLayer(prototype)) calls.add(prototype);
      else if (Activation && prototype instanceof Activation && name !== 'linear') {
        activations.add(prototype);
      }
    }
  }

  /** Covers a layer's class, and those of the layers and activation functions in its fields. */
  function inspect(layer: Layer): void {
    addClass(layer);
    for (const [field, value] of Object.entries(layer)) {
      if (isLayer(value)) addClass(value);
      else if (Array.isArray(value)) value.filter(isLayer).forEach(addClass);
      else if (/activation$/i.test(field) && isActivationFunction(value)) activations.add(value);
    }
  }

  function addClass(layer: Layer): void {
    if (known.has(layer.constructor)) return;
    known.add(layer.constructor);
    calls.add(layer);
  }

  function wrapApply(original: LayerMethod): LayerMethod {
    return function apply(...args) {
      if (!known.has(this.constructor)) addClass(this);
      return original.apply(this, args);
    };
  }

  function wrapCall(original: LayerMethod): LayerMethod {
    return function call(...args) {
      const scope = activeScope();
      if (scope === null) return original.apply(this, args);
      if (inspected.has(this)) return callNamed(scope, this, original, args);
      inspect(this);
      const output = callNamed(scope, this, original, args);
      inspect(this); // the first call may have made what the fields hold
      inspected.add(this);
      return output;
    };
  }

  function wrapMakeTestFunction(original: ModelMethod): ModelMethod {
    return function makeTestFunction(...args) {
      const made = original.apply(this, args);
      const step = this.testFunction;
      const ours = underModel(this, step);
      this.testFunction = ours;
      tested.set(this, {ours, original: step});
      return made;
    };
  }

  return {
    install() {
      findRegisteredClasses();
      for (const swaps of all) swaps.install();
    },
    refresh() {
      findRegisteredClasses();
      for (const swaps of all) swaps.install();
    },
    uninstall() {
      for (const swaps of all) swaps.uninstall();
      for (const [model, {ours, original}] of tested) {
        if (model.testFunction === ours) model.testFunction = original;
      }
      tested.clear();
    },
  };
}

function callNamed(
  scope: CaptureScope,
  layer: Layer,
  original: LayerMethod,
  args: unknown[],
): unknown {
  const owner = scope.frame?.owner;
  const {kind} = layerClassOf(layer);
  // A layer that calls itself, as `super.call` does, or a Sequential its hidden model, is one call.
  if (kind === 'input' || owner === layer || (kind === 'model' && isDelegate(owner, layer))) {
    return original.apply(layer, args);
  }
  const activation = activationOfLayer(layer);
  const input = activation === null ? null : onlyTensor(args[0]);
  return runLayer(scope, layer, layer.name, kind, () =>
    activation === null || input === null
      ? original.apply(layer, args)
      : runActivation(scope, activation, input, () => original.apply(layer, args) as Tensor),
  );
}

function wrapActivation(original: ActivationMethod): ActivationMethod {
  return function apply(...args) {
    const scope = activeScope();
    const [x] = args;
    if (scope === null || !(x instanceof Tensor)) return original.apply(this, args);
    const name = this.getClassName?.() ?? this.constructor.name;
    return runActivation(scope, name, x, () => original.apply(this, args) as Tensor);
  };
}

/** Methods of a model that run forward passes. */
function wrapPass(original: ModelMethod): ModelMethod {
  return function (...args) {
    const scope = activeScope();
    if (scope === null) return original.apply(this, args);
    return runLayer(scope, this, this.name, 'model', () => original.apply(this, args));
  };
}

function wrapMakeTrainFunction(original: ModelMethod): ModelMethod {
  return function makeTrainFunction(...args) {
    return underModel(this, original.apply(this, args) as Step);
  };
}

/** A training or test step that tells whose it is. */
function underModel(model: Model, step: Step): Step {
  return (data) => {
    const scope = activeScope();
    if (scope === null) return step(data);
    return runLayer(scope, model, model.name, 'model', () => step(data));
  };
}

function onlyTensor(inputs: unknown): Tensor | null {
  const input: unknown = Array.isArray(inputs) && inputs.length === 1 ? inputs[0] : inputs;
  return input instanceof Tensor ? input : null;
}

const isActivationFunction = (value: unknown): value is ActivationFunction =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as {apply?: unknown}).apply === 'function';
