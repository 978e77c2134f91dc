/** Many samples in a few figures. */
export interface Spread {
  readonly samples: number;
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  /** The 95 % confidence interval of the median. */
  readonly low: number;
  readonly high: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => quantile(sorted, share);
  // Ranks that the median lies between, from the binomial distribution: no shape is assumed.
  const reach = 0.98 / Math.sqrt(sorted.length);
  return {
    samples: sorted.length,
    median: at(0.5),
    p10: at(0.1),
    p90: at(0.9),
    low: at(0.5 - reach),
    high: at(0.5 + reach),
  };
}

export function medianOf(samples: readonly number[]): number {
  return spreadOf(samples).median;
}

/**
 * Splits samples into groups, in the order in which they came.
 *
 * @param groups how many; fewer if there are fewer samples
 */
export function mediansOfGroups(samples: readonly number[], groups: number): number[] {
  const count = Math.min(groups, samples.length);
  const start = (group: number) => Math.floor((group * samples.length) / count);
  return Array.from({length: count}, (_, group) =>
    medianOf(samples.slice(start(group), start(group + 1))),
  );
}

/** Interpolates between neighbours; beyond the ends it is the last sample. */
function quantile(sorted: readonly number[], share: number): number {
  const position = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}
