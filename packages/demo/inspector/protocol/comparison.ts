/** Two runs, hook point by hook point. */
export interface Comparison {
  readonly rows: readonly ComparisonRow[];
  /** The first row, in the order of execution, whose relative difference is over the threshold; null if none is. */
  readonly first: ComparisonRow | null;
  readonly threshold: number;
  /** Names of hook points that only one run has, or that differ in shape. */
  readonly unmatched: readonly string[];
}

/** What went into one activation, in both runs. */
export interface ComparisonRow {
  /** In the first run. */
  readonly hook: number;
  readonly name: string;
  /** The largest difference of two values; Infinity where they differ and one of them is not finite. */
  readonly largest: number;
  /** That, divided by the largest finite magnitude of the first run's values; 0 where there is no difference. */
  readonly relative: number;
  /** Of the differences of all pairs of values that are both finite; 0 if there are none. */
  readonly mean: number;
  /** Where the largest is: one index per axis. */
  readonly position: readonly number[];
  /** How many values differ in any bit. */
  readonly differing: number;
}
