/** What a training monitor reports, and what takes it. */

/** One scalar or one histogram at one step of a training run. */
export type Summary = SummaryPlace & (ScalarOnly | HistogramOnly);

/** What every summary says of itself. */
export interface SummaryPlace {
  /** What was measured: `layer/statistic`. TensorBoard groups by what stands before the first slash. */
  readonly tag: string;
  /** A whole number, 0 or more. */
  readonly step: number;
  /** When, in seconds since the epoch. */
  readonly wallTime: number;
}

interface ScalarOnly {
  /** NaN and ±Infinity too. */
  readonly scalar: number;
}

interface HistogramOnly {
  readonly histogram: HistogramSummary;
}

/** How values are spread: TensorFlow's `HistogramProto`. */
export interface HistogramSummary {
  readonly min: number;
  readonly max: number;
  /** How many values there are. */
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** The right edges of the buckets, ascending; the first bucket begins at -Infinity. */
  readonly limits: readonly number[];
  /** How many values each bucket holds: as many numbers as `limits`. */
  readonly counts: readonly number[];
}

/** Takes what is reported, one call per step or several steps in one. */
export interface ReportWriter {
  /**
   * What a monitor hands it: with 'batches', as unless given, all of each layer at each observed batch, and a few
   * scalars over all layers at the end of each epoch; with 'epochs' the latter alone.
   */
  readonly detail?: 'batches' | 'epochs';
  write(summaries: readonly Summary[]): void;
  /** Ends the report: `write` throws from then on. May be called again. */
  close?(): void;
}

/** A writer that holds something open until it is closed. */
export interface ClosableReportWriter extends ReportWriter {
  close(): void;
}
