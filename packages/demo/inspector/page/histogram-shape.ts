/** A histogram's bars as SVG paths. */
import type {HookSummary} from '../protocol/run.js';

/** Of the drawing, in its own units. */
export const HISTOGRAM_SIZE = {width: 96, height: 24};

export interface HistogramShape {
  /** Of the bars below 0, and of those above. */
  readonly negative: string;
  readonly positive: string;
  /** Where 0 is; null if it lies outside. */
  readonly zero: number | null;
}

/** Heights are the roots of counts, so that thin tails are seen beside a peak. */
export function histogramShape({edges, counts}: HookSummary['histogram']): HistogramShape {
  const {width, height} = HISTOGRAM_SIZE;
  const from = edges[0] ?? 0;
  const to = edges.at(-1) ?? 1;
  const x = (value: number) => round(((value - from) / (to - from || 1)) * width);
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  let negative = '';
  let positive = '';
  counts.forEach((count, index) => {
    if (count === 0) return;
    const [left = from, right = to] = edges.slice(index, index + 2);
    const top = round(height * (1 - Math.sqrt(count / most)));
    const bar = `M${x(left)} ${height}V${top}H${x(right)}V${height}z`;
    if (right <= 0) negative += bar;
    else positive += bar;
  });
  return {negative, positive, zero: from <= 0 && to >= 0 ? x(0) : null};
}

const round = (value: number): number => Math.round(10 * value) / 10;
