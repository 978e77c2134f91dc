/** What the benchmark finds out. All of it survives JSON. */
import type {AfterCaptures} from './compare-after-captures.js';
import type {AfterScopes} from './compare-after-scopes.js';
import type {EditRatios} from './compare-edits.js';
import type {Comparison} from './compare-values.js';
import type {EmptyScopes} from './empty-scopes.js';
import type {Held} from './held-memory.js';
import type {Machine} from './machine.js';
import type {Timing} from './measure-interleaved.js';
import type {MissingVariant} from './variant.js';

export interface VariantResult extends Timing {
  readonly name: string;
  readonly held: Held;
  /** With a capture of everything. */
  readonly comparison: Comparison;
}

/** What one process finds out about one model. */
export interface ModelResult {
  readonly key: string;
  readonly title: string;
  /** Activations that happen in one pass. */
  readonly hookPoints: number;
  /** Plain predict first. */
  readonly variants: readonly VariantResult[];
  readonly missing: readonly MissingVariant[];
}

export interface ModelResults extends ModelResult {
  /** Null in a quick run, and for slow models. */
  readonly afterScopes: AfterScopes | null;
  /** Of GraphModels alone. Null in a quick run. */
  readonly afterCaptures: AfterCaptures | null;
  /** Null for slow models. */
  readonly edits: EditRatios | null;
}

export interface BenchmarkResult {
  readonly machine: Machine;
  /** When it ended, in ISO 8601. */
  readonly date: string;
  readonly seconds: number;
  readonly models: readonly ModelResults[];
  readonly emptyScopes: readonly EmptyScopes[];
}
