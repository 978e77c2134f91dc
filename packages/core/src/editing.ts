/** What the rest of core asks of a scope's edits. A bundle without edits does not carry what answers. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {FusedRunner} from './fused-runner.js';
import type {EditFunction, RecordKind} from './hook-point.js';
import type {CaptureScope} from './scope.js';
import type {Selection} from './selection.js';

/** One edit, and where it is applied. */
export interface PlannedEdit {
  /** What the user selects hook points by, for messages. */
  readonly label: string;
  readonly selection: Selection;
  readonly kind: RecordKind;
  readonly edit: EditFunction;
  /** What the selection has said of names. */
  readonly known: Map<string, boolean | undefined>;
  /** Whether it has met a hook point that it selects. */
  isUsed: boolean;
}

export interface Editing extends FusedRunner {
  /** In the order in which they are applied. */
  readonly edits: readonly PlannedEdit[];
  /** Whether any is of outputs. */
  readonly editsOutputs: boolean;
  /** Called when a scope opens that edits, or is inside one that does. */
  install(): void;
  /** `runActivation` where values are edited. */
  runActivation<T extends Tensor>(
    scope: CaptureScope,
    activation: string,
    kernel: string,
    pre: Tensor,
    run: (pre: Tensor) => T,
  ): T;
  /**
   * Runs a layer whose frame has just been pushed.
   *
   * @param inputs what it is called with
   */
  runLayer<T>(scope: CaptureScope, layer: object, inputs: unknown, run: () => T): T;
  /** Edits what the node has given at which a walk is. `output` stays the caller's. */
  editOutput(scope: CaptureScope, output: Tensor): Tensor;
}
