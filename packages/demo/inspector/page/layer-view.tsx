/** One layer: its facts, and its feature maps before and after the activation. */
import type {JSX} from 'preact';
import {ColourBar} from './colour-bar.js';
import {NoRun} from './no-run.js';
import {LayerHeading} from './layer-heading.js';
import {MapsPanel} from './maps-panel.js';
import {MapsToolbar} from './maps-toolbar.js';
import {Pager} from './pager.js';
import {areMapsOfOtherLayer, areMapsOld, shownMaps} from './state/layer.js';
import {selectedHook, visibleRun} from './state/session.js';

export function LayerView(): JSX.Element {
  const hook = selectedHook.value;
  if (visibleRun.value === null) return <NoRun />;
  if (hook === null) return <p class="empty">Choose a layer in the outline.</p>;
  const shown = shownMaps.value;
  return (
    <article class="layer" aria-busy={areMapsOld.value}>
      <LayerHeading hook={hook} />
      <MapsToolbar />
      {shown !== null && (
        <>
          <div class="sides" inert={areMapsOfOtherLayer.value}>
            <MapsPanel side="pre" shown={shown} />
            <MapsPanel side="post" shown={shown} />
          </div>
          <div class="maps-foot">
            <Pager />
            {shown.scale === 'shared' ? (
              <ColourBar limit={shown.pictures.pre.limits[0] ?? 1} />
            ) : (
              <p class="note">Each channel has a scale of its own, before and after alike.</p>
            )}
          </div>
        </>
      )}
    </article>
  );
}
