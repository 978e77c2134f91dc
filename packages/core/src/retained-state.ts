/** What is retained for open scopes, and by which swapped methods. See retained-data.ts for how. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import type {MethodSwaps} from './method-swaps.js';
import type {DataId} from './tfjs-internals.js';

/** Data that at least one note stands for. */
export interface Retained {
  readonly dataId: DataId;
  /** How many notes stand for it. */
  notes: number;
  /** Where the last reference is ours, or null while the engine still has references. */
  adoptedFrom: CoveredBackend | null;
}

/** A backend whose methods are swapped. */
export interface CoveredBackend {
  readonly backend: KernelBackend;
  /** How many of its data ids only we hold. */
  hidden: number;
}

export interface RetainedState {
  /**
   * By data id. An entry whose notes are all gone stays unless there are many: V8 shrinks a Map at
   * every deletion from a small one, which costs more than everything else here.
   */
  entries: Map<DataId, Retained>;
  /** A handful at most: an array is quicker here than a map. */
  readonly covered: CoveredBackend[];
  /** Made when the first backend is covered. */
  swaps: readonly MethodSwaps[] | null;
}
