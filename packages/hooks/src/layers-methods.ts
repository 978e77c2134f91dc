/** The methods of tfjs-layers' classes that are swapped, and what they look like from here. */
import type {MethodAccess} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Layer} from './layer-classes.js';

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

/** Of layers, and of activation functions. */
export const applyOf = <F>(): MethodAccess<{apply: F}, F> => ({
  name: 'apply',
  read: (holder) => holder.apply,
  write(holder, method) {
    holder.apply = method;
  },
});
