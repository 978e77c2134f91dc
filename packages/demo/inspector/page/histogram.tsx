/** A small histogram of what goes into an activation, its zero line marked. */
import type {JSX} from 'preact';
import type {HookSummary} from '../protocol/run.js';
import {formatNumber, formatShare} from './format-number.js';

const WIDTH = 96;
const HEIGHT = 24;

interface HistogramShape {
  readonly negative: string;
  readonly positive: string;
  /** Where 0 is; null if it lies outside. */
  readonly zero: number | null;
}

export function Histogram({hook}: {readonly hook: HookSummary}): JSX.Element {
  const {negative, positive, zero} = histogramShape(hook.histogram);
  const {min, max, nonPositive} = hook.pre;
  const label = `Before the activation: ${formatNumber(min)} to ${formatNumber(max)}, ${formatShare(nonPositive)} not above 0`;
  return (
    <svg class="histogram" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path class="is-negative" d={negative} />
      <path class="is-positive" d={positive} />
      {zero !== null && <path class="zero" d={`M${zero} 0V${HEIGHT}`} />}
    </svg>
  );
}

/** Bars as two paths, by the root of their counts, so that thin tails are seen beside a peak. */
export function histogramShape({edges, counts}: HookSummary['histogram']): HistogramShape {
  const from = edges[0] ?? 0;
  const to = edges.at(-1) ?? 1;
  const x = (value: number) => round(((value - from) / (to - from || 1)) * WIDTH);
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  let negative = '';
  let positive = '';
  counts.forEach((count, index) => {
    if (count === 0) return;
    const [left = from, right = to] = edges.slice(index, index + 2);
    const bar = `M${x(left)} ${HEIGHT}V${round(HEIGHT * (1 - Math.sqrt(count / most)))}H${x(right)}V${HEIGHT}z`;
    if (right <= 0) negative += bar;
    else positive += bar;
  });
  return {negative, positive, zero: from <= 0 && to >= 0 ? x(0) : null};
}

const round = (value: number): number => Math.round(10 * value) / 10;
