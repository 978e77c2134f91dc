/** Counts of a histogram, and how those of two become one's. */
import {addToBins, binsFor} from './aligned-bins.js';
import type {AlignedBins} from './aligned-bins.js';

export interface HistogramState {
  readonly counts: Float64Array;
  /** Where the range follows the values; null before the first finite one, or where it is given. */
  bins: AlignedBins | null;
  /** Of the finite values, where the range follows them. */
  min: number;
  max: number;
  below: number;
  above: number;
  nan: number;
  infinite: number;
}

export const emptyHistogram = (bins: number): HistogramState => ({
  counts: new Float64Array(bins),
  bins: null,
  min: Infinity,
  max: -Infinity,
  below: 0,
  above: 0,
  nan: 0,
  infinite: 0,
});

/** Has the bins hold all from `min` to `max`, besides what they hold. */
export function widen(state: HistogramState, min: number, max: number): void {
  if (!(min <= max)) return; // there are no finite values
  state.min = Math.min(state.min, min);
  state.max = Math.max(state.max, max);
  const {counts, bins} = state;
  const wider = binsFor(state.min, state.max, counts.length);
  state.bins = wider;
  if (bins === null || (bins.exponent === wider.exponent && bins.first === wider.first)) return;
  const before = counts.slice();
  counts.fill(0);
  addToBins(counts, wider, before, bins);
}

/** Adds what another one holds. */
export function addHistogram(state: HistogramState, from: HistogramState): void {
  if (from.bins) {
    widen(state, from.min, from.max);
    addToBins(state.counts, state.bins as AlignedBins, from.counts, from.bins);
  } else {
    from.counts.forEach((count, i) => {
      state.counts[i] = (state.counts[i] as number) + count;
    });
  }
  addOutside(state, from);
}

/** Adds what is in no bin. */
export function addOutside(
  state: HistogramState,
  {below, above, nan, infinite}: Pick<HistogramState, 'below' | 'above' | 'nan' | 'infinite'>,
): void {
  state.below += below;
  state.above += above;
  state.nan += nan;
  state.infinite += infinite;
}
