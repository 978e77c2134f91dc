/**
 * The one place that changes tfjs-layers' classes: it tells core which layer runs.
 *
 * How: `call` of layer classes is swapped while a scope is open, since everything ends there: `apply`,
 * nested models, wrappers, RNN cells. `apply` of the activation functions that layers hold is swapped,
 * since composed ones can be seen nowhere else. The outermost model shows itself in the four methods of
 * LayersModel from which forward passes start. Classes are found when one of their instances is
 * applied, or seen in a field of another layer. But a layer's `call` may be called by hand: so tfjs's own
 * classes are covered beforehand in the first hundred scopes, and later on as soon as a user's own layer
 * runs. Touching them each time would cost a small model a tenth of its time.
 */
import {
  activeScope,
  isTensor,
  kernelOfFunction,
  methodNamed,
  runActivation,
  runNamed,
  swapMethods,
} from '@tfjs-capture/core';
import type {Companion} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {isLayer, isModel, learnClasses, traitsOf} from './layer-classes.js';
import type {Layer, LayersNamespace, LayerTraits} from './layer-classes.js';
import {callNamed} from './call-named.js';
import {applyOf, CALL} from './layers-methods.js';
import type {
  ActivationFunction,
  ActivationMethod,
  LayerMethod,
  Model,
  ModelMethod,
  Step,
} from './layers-methods.js';
import {warnIfUnnamed} from './warn-unnamed.js';

/** Under which name core knows this companion. */
export const LAYERS_BINDING = 'layers';

export function createLayersBinding(): Companion {
  const calls = swapMethods(CALL, wrapCall);
  const applies = swapMethods(applyOf<LayerMethod>(), wrapApply);
  const activations = swapMethods(applyOf<ActivationMethod>(), wrapActivation);
  const passes = [
    swapMethods(methodNamed<ModelMethod>('predictLoop'), wrapPass),
    swapMethods(methodNamed<ModelMethod>('execute'), wrapPass),
    swapMethods(methodNamed<ModelMethod>('makeTrainFunction'), wrapMakeTrainFunction),
    swapMethods(methodNamed<ModelMethod>('makeTestFunction'), wrapMakeTestFunction),
  ];
  const all = [calls, applies, activations, ...passes];

  const known = new WeakSet();
  /** Layers whose fields have been looked through. */
  const inspected = new WeakMap<Layer, LayerTraits>();
  /** Models whose test function is ours, with the one that they made. */
  const tested = new Map<Model, {ours: Step; original: Step}>();

  let scopes = 0;

  /** @param model a model, or the prototype of its class */
  function addModel(model: object): void {
    applies.add(model);
    for (const swaps of passes) swaps.add(model);
    calls.add(model);
  }

  /** Covers a layer's class, and those of the layers and activation functions in its fields. */
  function inspect(layer: Layer): void {
    addClass(layer);
    for (const [field, {value}] of Object.entries(Object.getOwnPropertyDescriptors(layer))) {
      if (isLayer(value)) addClass(value);
      else if (Array.isArray(value)) value.filter(isLayer).forEach(addClass);
      else if (/activation$/i.test(field) && isComposedFunction(value)) activations.add(value);
    }
  }

  function addClass(layer: Layer): void {
    if (known.has(layer.constructor)) return;
    // A `call` that is a field of the instance says nothing of the class's other instances.
    if (!Object.hasOwn(layer, 'call')) known.add(layer.constructor);
    calls.add(layer);
  }

  function wrapApply(original: LayerMethod): LayerMethod {
    return function apply(inputs, kwargs) {
      if (!known.has(this.constructor)) addClass(this);
      return original.call(this, inputs, kwargs);
    };
  }

  function wrapCall(original: LayerMethod): LayerMethod {
    return function call(inputs, kwargs) {
      const scope = activeScope();
      if (!scope) return original.call(this, inputs, kwargs);
      const run = (given = inputs): unknown => original.call(this, given, kwargs);
      const traits = inspected.get(this);
      if (traits) {
        if (traits.isOfUser) calls.installSpare();
        return callNamed(scope, this, traits, run, inputs, kwargs);
      }
      inspect(this);
      calls.installSpare();
      const output = callNamed(scope, this, traitsOf(this), run, inputs, kwargs);
      inspect(this); // the first call may have made what the fields hold
      inspected.set(this, traitsOf(this));
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
    name: LAYERS_BINDING,
    install() {
      for (const swaps of all) swaps.install();
      if (scopes++ < 100) calls.installSpare();
    },
    uninstall() {
      for (const swaps of all) swaps.uninstall();
      if (tested.size === 0) return;
      for (const [model, {ours, original}] of tested) {
        if (model.testFunction === ours) model.testFunction = original;
      }
      tested.clear();
    },
    bind(source) {
      if (isModel(source)) {
        addModel(source);
        return true;
      }
      if (!hasLayers(source)) return false;
      addModel(source.LayersModel.prototype);
      if (source.Sequential) calls.add(source.Sequential.prototype);
      for (const prototype of learnClasses(source)) calls.addSpare(prototype);
      scopes = 0;
      return true;
    },
    meetUnnamed: warnIfUnnamed,
  };
}

const hasLayers = (source: object): source is LayersNamespace => 'LayersModel' in source;

function wrapActivation(original: ActivationMethod): ActivationMethod {
  // A second parameter is as much as any of tfjs's functions takes.
  return function apply(x, parameter) {
    const scope = activeScope();
    if (!scope || !isTensor(x)) return original.call(this, x, parameter);
    const name = this.getClassName?.() ?? this.constructor.name;
    const run = (given: Tensor): Tensor => original.call(this, given, parameter) as Tensor;
    return runActivation(scope, name, kernelOfFunction(name), x, run);
  };
}

/** Methods of a model that run forward passes. */
function wrapPass(original: ModelMethod): ModelMethod {
  return function (...args) {
    const run = (given: unknown[]): unknown => runModel(this, () => original.apply(this, given));
    return activeScope()?.keeping?.runBatches?.(run, args) ?? run(args);
  };
}

function wrapMakeTrainFunction(original: ModelMethod): ModelMethod {
  return function makeTrainFunction(...args) {
    return underModel(this, original.apply(this, args) as Step);
  };
}

/** A training or test step that tells whose it is. */
function underModel(model: Model, step: Step): Step {
  return (data) => runModel(model, () => step(data));
}

/** Runs a forward pass of a model. */
export function runModel<T>(model: Model, run: () => T): T {
  const scope = activeScope();
  return scope ? runNamed(scope, model, model.name, 'model', null, null, run) : run();
}

/** Functions that come down to one kernel are seen there; `linear` is none. */
function isComposedFunction(value: unknown): value is ActivationFunction {
  if (typeof value !== 'object' || value === null) return false;
  const {apply, getClassName} = value as Partial<ActivationFunction>;
  const name = getClassName?.call(value) ?? '';
  return typeof apply === 'function' && name !== 'linear' && kernelOfFunction(name) === 'composed';
}
