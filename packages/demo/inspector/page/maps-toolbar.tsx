/** How a layer's maps are ordered, coloured and sized. */
import type {JSX} from 'preact';
import {Segmented} from './segmented.js';
import {isChoosing, order, page, scale} from './state/layer.js';

export function MapsToolbar(): JSX.Element {
  return (
    <div class="toolbar">
      <Segmented
        label="Order"
        value={order.value}
        choices={[
          ['activity', 'Most active'],
          ['index', 'By index'],
        ]}
        onChoose={(chosen) => {
          order.value = chosen;
          page.value = 0;
        }}
      />
      <Segmented
        label="Scale"
        value={scale.value}
        choices={[
          ['shared', 'Shared'],
          ['each', 'Per map'],
        ]}
        onChoose={(chosen) => (scale.value = chosen)}
      />
      <button
        type="button"
        class="button is-small is-toggle"
        aria-pressed={isChoosing.value}
        onClick={() => (isChoosing.value = !isChoosing.value)}
      >
        Select channels
      </button>
    </div>
  );
}
