/** What to do when a model is loaded and nothing has run yet. */
import type {JSX} from 'preact';
import {CameraButton} from './camera.js';
import {FilePicker} from './file-picker.js';
import {isBusy} from './state/jobs.js';
import {runMain, usePicture} from './state/runs.js';
import {picture} from './state/session.js';
import {takeFiles} from './state/take-files.js';

export function NoRun(): JSX.Element {
  if (isBusy.value) return <p class="empty">The layers appear when the model has run.</p>;
  return (
    <div class="empty">
      <p>{picture.value === null ? 'The model takes an image.' : 'The model has not run yet.'}</p>
      <div class="row is-centred">
        {picture.value !== null && (
          <button type="button" class="button is-primary" onClick={() => void runMain()}>
            Run the model
          </button>
        )}
        <FilePicker label="Choose an image" accept="image/*" onFiles={takeFiles} />
        <CameraButton onPicture={usePicture} />
        <button
          type="button"
          class="button"
          onClick={() => {
            usePicture(null);
          }}
        >
          Run it on noise
        </button>
      </div>
    </div>
  );
}
