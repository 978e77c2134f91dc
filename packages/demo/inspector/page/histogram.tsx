/** A small histogram of what goes into an activation, its zero line marked. */
import type {JSX} from 'preact';
import type {HookSummary} from '../protocol/run.js';
import {formatNumber, formatShare} from './format-number.js';
import {HISTOGRAM_SIZE, histogramShape} from './histogram-shape.js';

export function Histogram({hook}: {readonly hook: HookSummary}): JSX.Element {
  const {width, height} = HISTOGRAM_SIZE;
  const {negative, positive, zero} = histogramShape(hook.histogram);
  const {min, max, nonPositive} = hook.pre;
  const label = `Before the activation: ${formatNumber(min)} to ${formatNumber(max)}, ${formatShare(nonPositive)} not above 0`;
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path class="is-negative" d={negative} />
      <path class="is-positive" d={positive} />
      {zero !== null && <path class="zero" d={`M${zero} 0V${height}`} />}
    </svg>
  );
}
