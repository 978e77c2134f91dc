/** What is compared: ways to run a model, each of which gets at some of what happens inside it. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** A model and its input. Both live as long as the process. */
export interface Subject {
  readonly model: LayersModel;
  readonly input: Tensor;
}

/** Tensors from inside the model, by hook point (see `hookKey`). */
export type TensorsByHook = ReadonlyMap<string, Tensor>;

/** What a variant gets at. The tensors live until `dispose`. */
export interface Yielded {
  readonly pre?: TensorsByHook;
  readonly post?: TensorsByHook;
  readonly result?: Tensor;
  /** Bytes of the data behind its tensors; known to captures alone. */
  readonly captured?: {readonly tensors: number; readonly bytes: number};
  dispose(): void;
}

export interface Variant {
  readonly name: string;
  /** Whether DESIGN has a budget for it: such variants run in every round. */
  readonly isBudgeted: boolean;
  /** The call that is timed. Leaves no tensor behind. */
  run(): void | Promise<void>;
  /** The same call, to look at what it gets at. */
  yield(): Yielded | Promise<Yielded>;
}

/** A variant that makes no sense for a model. */
export interface MissingVariant {
  readonly name: string;
  readonly why: string;
}

/** Names one activation: a layer, and within it which call and which slot. */
export function hookKey(layer: string, call = 0, slot = 0): string {
  return `${layer} ${call}.${slot}`;
}

/** The result of a model with one output. */
export function predict({model, input}: Subject): Tensor {
  return model.predict(input) as Tensor;
}

/** The results of a model with any number of outputs. */
export function predictAll(model: LayersModel, input: Tensor): Tensor[] {
  const results = model.predict(input);
  return Array.isArray(results) ? results : [results];
}
