/** The methods of tfjs-layers' classes that are swapped, and what they look like from here. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Layer} from './layer-classes.js';
import type {MethodAccess} from './method-swaps.js';

export type LayerMethod = (this: Layer, ...args: unknown[]) => unknown;

/** An activation function of tfjs-layers, or a user's own. */
export interface ActivationFunction {
  getClassName?(): string;
  apply: ActivationMethod;
}
export type ActivationMethod = (this: ActivationFunction, ...args: unknown[]) => unknown;

/** A training or test step over one batch. */
export type Step = (data: Tensor[]) => unknown;

/** What is used of a LayersModel; much of it is private there. */
export interface Model {
  readonly name: string;
  testFunction: Step;
}
export type ModelMethod = (this: Model, ...args: unknown[]) => unknown;

export const CALL: MethodAccess<{call: LayerMethod}, LayerMethod> = {
  name: 'call',
  read: (holder) => holder.call,
  write(holder, method) {
    holder.call = method;
  },
};

export const LAYER_APPLY: MethodAccess<{apply: LayerMethod}, LayerMethod> = {
  name: 'apply',
  read: (holder) => holder.apply,
  write(holder, method) {
    holder.apply = method;
  },
};

export const ACTIVATION_APPLY: MethodAccess<ActivationFunction, ActivationMethod> = {
  name: 'apply',
  read: (holder) => holder.apply,
  write(holder, method) {
    holder.apply = method;
  },
};

export const PREDICT_LOOP: MethodAccess<{predictLoop: ModelMethod}, ModelMethod> = {
  name: 'predictLoop',
  read: (holder) => holder.predictLoop,
  write(holder, method) {
    holder.predictLoop = method;
  },
};

export const EXECUTE: MethodAccess<{execute: ModelMethod}, ModelMethod> = {
  name: 'execute',
  read: (holder) => holder.execute,
  write(holder, method) {
    holder.execute = method;
  },
};

export const MAKE_TRAIN_FUNCTION: MethodAccess<{makeTrainFunction: ModelMethod}, ModelMethod> = {
  name: 'makeTrainFunction',
  read: (holder) => holder.makeTrainFunction,
  write(holder, method) {
    holder.makeTrainFunction = method;
  },
};

export const MAKE_TEST_FUNCTION: MethodAccess<{makeTestFunction: ModelMethod}, ModelMethod> = {
  name: 'makeTestFunction',
  read: (holder) => holder.makeTestFunction,
  write(holder, method) {
    holder.makeTestFunction = method;
  },
};
