/** What is retained for open scopes, and by which swapped methods. See retained-data.ts for how. */
import type {KernelBackend} from '@tensorflow/tfjs-core';
import type {DataId} from './tfjs-internals.js';

export interface Retained {
  /** How many notes stand for this data. */
  notes: number;
  /** The backend whose last reference is ours, or null while the engine still has references. */
  adoptedFrom: KernelBackend | null;
}

/** The methods of one backend class, before and after. */
export interface MethodSwap {
  /** The object that defines them: a class's prototype as a rule, else the backend itself. */
  readonly holder: KernelBackend;
  readonly original: Pick<KernelBackend, 'disposeData' | 'numDataIds'>;
  readonly ours: Pick<KernelBackend, 'disposeData' | 'numDataIds'>;
}

export class RetainedState {
  readonly entries = new Map<DataId, Retained>();
  /** How many data ids of a backend only we hold. */
  readonly hidden = new WeakMap<KernelBackend, number>();
  /** Swaps are made once and kept, so that opening a scope costs a few stores. */
  readonly swaps = new WeakMap<KernelBackend, MethodSwap>();
  readonly installed = new Set<MethodSwap>();
  readonly covered = new Set<KernelBackend>();
}

