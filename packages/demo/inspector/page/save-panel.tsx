/** What can be taken away: pictures of the layer, and all tensors of the run. */
import type {JSX} from 'preact';
import {formatBytes} from './format-number.js';
import {isBusy} from './state/jobs.js';
import {shownMaps} from './state/layer.js';
import {saveTensors} from './state/save-tensors.js';
import {model, selectedHook, visibleRun} from './state/session.js';
import {saveHistogram} from './picture/histogram-picture.js';
import {saveMaps} from './picture/maps-picture.js';

export function SavePanel(): JSX.Element {
  const run = visibleRun.value;
  const maps = shownMaps.value;
  const hook = selectedHook.value;
  const name = model.value?.name ?? 'model';
  return (
    <section class="panel" aria-labelledby="save-title">
      <h2 id="save-title">Take away</h2>
      <button
        type="button"
        class="button"
        disabled={maps === null}
        onClick={() => {
          if (maps !== null) void saveMaps(name, maps);
        }}
      >
        Save maps as PNG
      </button>
      <button
        type="button"
        class="button"
        disabled={hook === null}
        onClick={() => {
          if (hook !== null) void saveHistogram(name, hook);
        }}
      >
        Save histogram as PNG
      </button>
      <button
        type="button"
        class="button"
        disabled={run === null || isBusy.value}
        onClick={() => void saveTensors()}
      >
        Save tensors (.safetensors)
      </button>
      {run !== null && (
        <p class="note">
          All {run.summary.hooks.length} layers, before and after: {formatBytes(run.summary.bytes)},
          float32, with a manifest.
        </p>
      )}
    </section>
  );
}
