/** Where activations happen, and what is known of one. */
import type {Tensor} from '@tensorflow/tfjs-core';

/** One place where an activation happens. */
export interface HookPoint {
  /** The path joined with '/'. Empty for code that runs outside every layer. */
  readonly name: string;
  /**
   * The layer name stack, outermost first. The outermost model itself is not on it; nested models,
   * wrappers and RNN cells are: ['encoder', 'block1', 'conv'].
   */
  readonly path: readonly string[];
  /** The activation function's name in tfjs ('relu', 'gelu_new'), or null where a layer's output alone was recorded. */
  readonly activation: string | null;
  /** The kernel that computes it ('FusedConv2D', 'Relu'), 'composed' if several do, null where `activation` is. */
  readonly kernel: string | null;
  /** Which forward pass inside the scope, from 0. */
  readonly pass: number;
  /** Which call of this layer within one pass, from 0. */
  readonly call: number;
  /** Which activation within one call, from 0. */
  readonly slot: number;
}

/**
 * Which hook points: a glob on the name ('block*_conv*', '**' + '/conv'; `*` stays within one path
 * segment, `**` does not), a regular expression on the name, a predicate on the hook point, or an
 * array of these, any of which may match.
 */
export type LayerFilter =
  string | RegExp | ((point: HookPoint) => boolean) | readonly LayerFilter[];

/** What to record at a hook point. */
export type RecordKind = 'pre' | 'post' | 'output';

/** Where an edit is applied. */
export interface EditPoint extends HookPoint {
  /** What is edited. For 'output', `activation` and `kernel` are null. */
  readonly kind: RecordKind;
}

/**
 * Changes a value on its way. It may run any operations, also other models; none of them is recorded.
 *
 * @param value in the shape of the layer's output; belongs to the model
 * @returns a tensor of the same shape and dtype, or undefined to leave the value as it is. What is made
 *     inside the edit is the model's from then on; another tensor, a constant say, stays its owner's
 */
export type EditFunction = (value: Tensor, at: EditPoint) => Tensor | undefined;
