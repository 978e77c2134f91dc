/** Outline, view and tools: side by side, or one at a time on narrow screens. */
import {useEffect} from 'preact/hooks';
import type {JSX} from 'preact';
import {CompareView} from './compare-view.js';
import {Enlarged} from './enlarged.js';
import {GradCamView} from './grad-cam-view.js';
import {LayerView} from './layer-view.js';
import {Outline} from './outline.js';
import {OutputView} from './output-view.js';
import {Tabs} from './tabs.js';
import {Tools} from './tools.js';
import {followChanges} from './state/edits.js';
import {followLayer} from './state/layer.js';
import {isNarrow, shownSections, view} from './state/place.js';
import type {View} from './state/place.js';

const VIEWS: Readonly<Record<View, () => JSX.Element | null>> = {
  layer: LayerView,
  output: OutputView,
  compare: CompareView,
  'grad-cam': GradCamView,
};

export function Workspace(): JSX.Element {
  useEffect(followLayer, []);
  useEffect(followChanges, []);
  const shown = shownSections.value;
  const Current = VIEWS[view.value];
  return (
    <>
      {isNarrow.value && <Tabs />}
      {shown.includes('outline') && <Outline />}
      {shown.includes('view') && (
        // Scrolls, and so must be reachable by keyboard.
        <div class="view" tabIndex={-1}>
          {!isNarrow.value && <Tabs />}
          <Current />
        </div>
      )}
      {shown.includes('tools') && <Tools />}
      <Enlarged />
    </>
  );
}
