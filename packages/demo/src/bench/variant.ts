/** What is compared: ways to run a model, each of which gets at some of what happens inside it. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

export type Model = LayersModel | GraphModel;

/** A model and its input. Both live as long as the process. */
export interface Subject<M extends Model = Model> {
  readonly model: M;
  readonly input: Tensor;
}

/** What a model returns: a tensor, or as many as it has outputs. */
export type Output = Tensor | Tensor[];

/** Tensors from inside the model, by hook point (see `hookKey`). */
export type TensorsByHook = ReadonlyMap<string, Tensor>;

/** What a variant gets at. The tensors live until `dispose`. */
export interface Yielded {
  readonly pre?: TensorsByHook;
  readonly post?: TensorsByHook;
  /** What the nodes of a graph gave, activations or not. */
  readonly output?: TensorsByHook;
  readonly results?: readonly Tensor[];
  /** Bytes of the data behind its tensors; known to captures alone. */
  readonly captured?: {readonly tensors: number; readonly bytes: number};
  dispose(): void;
}

export interface TimedVariant {
  readonly name: string;
  /** Whether DESIGN has a budget for it: such variants run in every round. */
  readonly isBudgeted: boolean;
  /**
   * What its user sets up once and not per call, such as flags: done before the calls of each sample, and
   * not timed. Returns the undo.
   */
  prepare?(): () => void;
  /** The call that is timed. Leaves no tensor behind. */
  run(): void | Promise<void>;
}

export interface Variant extends TimedVariant {
  /** The same call with what it needs, to look at what it gets at. */
  yield(): Yielded | Promise<Yielded>;
}

/** A variant that makes no sense for a model. */
export interface MissingVariant {
  readonly name: string;
  readonly why: string;
}

/** Names one activation: a layer or node, and within it which call and which slot. */
export function hookKey(layer: string, call = 0, slot = 0): string {
  return `${layer} ${call}.${slot}`;
}

/** None of the benchmarked models names its outputs. */
export function predict({model, input}: Subject): Output {
  return model.predict(input) as Output;
}

export function tensorsOf(output: Output): Tensor[] {
  return Array.isArray(output) ? output : [output];
}

export function disposeOutput(output: Output): void {
  if (Array.isArray(output)) for (const tensor of output) tensor.dispose();
  else output.dispose();
}
