/** What is retained for open scopes, and by which swapped methods. See retained-data.ts for how. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
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

/** The methods of one backend class, before and after. */
export interface MethodSwap {
  /** The object that defines them: a class's prototype as a rule, else the backend itself. */
  readonly holder: KernelBackend;
  readonly original: Pick<KernelBackend, 'disposeData' | 'numDataIds'>;
  readonly ours: Pick<KernelBackend, 'disposeData' | 'numDataIds'>;
}

export class RetainedState {
  /**
   * By data id. An entry whose notes are all gone stays until it is pruned: V8 shrinks a Map at every
   * deletion from a small one, which costs more than everything else here.
   */
  entries = new Map<DataId, Retained>();
  /** How many entries have no notes. */
  stale = 0;
  /** How many data ids of all backends only we hold. */
  hidden = 0;
  /** A handful at most: arrays are quicker here than maps. */
  readonly covered: CoveredBackend[] = [];
  readonly installed: MethodSwap[] = [];
  /** Swaps are made once and kept, so that opening a scope costs a few stores. */
  readonly swaps = new WeakMap<KernelBackend, MethodSwap>();
}
