/** Outline, view and tools: side by side, or one at a time on narrow screens. */
import {useEffect} from 'preact/hooks';
import type {JSX} from 'preact';
import {LayerView} from './layer-view.js';
import {Outline} from './outline.js';
import {Tabs} from './tabs.js';
import {followLayer} from './state/layer.js';
import {isNarrow, shownSections, view} from './state/place.js';
import type {View} from './state/place.js';

const VIEWS: Readonly<Record<View, () => JSX.Element | null>> = {
  layer: LayerView,
  output: () => null,
  compare: () => null,
  'grad-cam': () => null,
};

export function Workspace(): JSX.Element {
  useEffect(followLayer, []);
  const shown = shownSections.value;
  const Current = VIEWS[view.value];
  return (
    <>
      {isNarrow.value && <Tabs />}
      {shown.includes('outline') && <Outline />}
      {shown.includes('view') && (
        <div class="view">
          {!isNarrow.value && <Tabs />}
          <Current />
        </div>
      )}
    </>
  );
}
