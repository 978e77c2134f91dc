/** What a glance at many values needs. */
export interface Statistics {
  readonly count: number;
  /** Over the finite values; NaN if there are none. */
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Share of all values that are ≤ 0. */
  readonly nonPositive: number;
  /** Share of all values that are exactly 0. */
  readonly zero: number;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
}

export function statisticsOf(values: ArrayLike<number>): Statistics {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let nonPositive = 0;
  let zero = 0;
  let nonFinite = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN;
    if (value <= 0) nonPositive++;
    if (value === 0) zero++;
    if (!Number.isFinite(value)) {
      nonFinite++;
      continue;
    }
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const count = values.length;
  const finite = count - nonFinite;
  if (finite === 0) min = max = NaN;
  return {
    count,
    min,
    mean: sum / finite,
    max,
    nonPositive: nonPositive / count,
    zero: zero / count,
    nonFinite,
  };
}
