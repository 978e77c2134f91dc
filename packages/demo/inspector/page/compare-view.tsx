/** Two inputs or two backends, layer by layer: the largest difference of what goes into each activation. */
import {useEffect} from 'preact/hooks';
import type {JSX} from 'preact';
import {CompareWith} from './compare-with.js';
import {DifferenceChart} from './difference-chart.js';
import {DifferenceTable} from './difference-table.js';
import {formatNumber} from './format-number.js';
import {NoRun} from './no-run.js';
import {NumberField} from './number-field.js';
import {Segmented} from './segmented.js';
import {
  comparison,
  firstOver,
  followComparison,
  isLogScale,
  threshold,
} from './state/comparison.js';
import type {ShownComparison} from './state/comparison.js';
import {goTo} from './state/place.js';
import {mainRun, selectedIndex} from './state/session.js';

export function CompareView(): JSX.Element {
  useEffect(followComparison, []);
  if (mainRun.value === null) return <NoRun />;
  const shown = comparison.value;
  return (
    <div class="compare">
      <CompareWith />
      {shown === null ? <p class="empty">{EMPTY}</p> : <Result shown={shown} />}
    </div>
  );
}

const EMPTY =
  'Choose what the original run is compared with: the largest difference in each layer appears here.';

function Result({shown}: {readonly shown: ShownComparison}): JSX.Element {
  const open = (hook: number) => {
    selectedIndex.value = hook;
    goTo('layer');
  };
  return (
    <section class="result" aria-labelledby="result-title">
      <div class="result-head">
        <h2 id="result-title">Original and {shown.against}</h2>
        <p class="verdict" data-first={firstOver.value?.name ?? ''}>
          {verdict(shown)}
        </p>
      </div>
      <div class="toolbar">
        <NumberField
          label="Threshold, relative"
          value={threshold.value}
          min={0}
          onChange={(next) => (threshold.value = next)}
        />
        <Segmented
          label="Axis"
          value={isLogScale.value ? 'log' : 'linear'}
          choices={[
            ['log', 'Log'],
            ['linear', 'Linear'],
          ]}
          onChoose={(chosen) => (isLogScale.value = chosen === 'log')}
        />
      </div>
      <DifferenceChart shown={shown} onOpen={open} />
      {shown.unmatched.length > 0 && (
        <p class="note">
          Not compared, since only one run has them in this shape: {shown.unmatched.join(', ')}
        </p>
      )}
      <DifferenceTable rows={shown.rows} onOpen={open} />
    </section>
  );
}

/** 'first layer over 1e−3: block3_conv1 (0.012 at [0, 3, 5, 7])' */
function verdict({rows}: ShownComparison): string {
  const first = firstOver.value;
  if (first !== null) {
    const where = first.position.join(', ');
    return `First layer over ${formatNumber(threshold.value)}: ${first.name} (${formatNumber(first.relative)} at [${where}])`;
  }
  if (rows.every(({differing}) => differing === 0)) return 'Both are equal, bit for bit.';
  return `No layer is over ${formatNumber(threshold.value)}.`;
}
