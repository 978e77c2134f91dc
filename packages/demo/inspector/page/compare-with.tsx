/** What the original run can be compared with. */
import type {JSX} from 'preact';
import {BACKENDS, BACKEND_TITLES} from '../protocol/engine.js';
import {CameraButton} from './camera.js';
import {FilePicker} from './file-picker.js';
import {showError} from './state/alert.js';
import {compareWithBackend, compareWithEdited, compareWithPicture} from './state/comparison.js';
import {filesDropped, sortFiles} from './state/dropped-files.js';
import {isDraggedOver} from './state/dragging.js';
import {isBusy} from './state/jobs.js';
import {pictureFrom} from './state/picture.js';
import {backend, editedRun, model} from './state/session.js';

export function CompareWith(): JSX.Element {
  return (
    <section class="compare-with" aria-label="Compare with">
      {model.value?.imageInput !== null && (
        <div
          class="choice"
          onDrop={(event) => {
            if (event.dataTransfer === null) return;
            event.preventDefault();
            event.stopPropagation();
            isDraggedOver.value = false;
            void filesDropped(event.dataTransfer).then(takeImage);
          }}
        >
          <h2>Another image</h2>
          <p class="note">Drop it here, or</p>
          <div class="row">
            <FilePicker label="Choose" accept="image/*" isSmall onFiles={takeImage} />
            <CameraButton isSmall onPicture={(picture) => void compareWithPicture(picture)} />
          </div>
        </div>
      )}
      <div class="choice">
        <h2>Another backend</h2>
        <p class="note">This one is {BACKEND_TITLES[backend.value]}</p>
        <div class="row">
          {BACKENDS.filter((name) => name !== backend.value).map((name) => (
            <button
              key={name}
              type="button"
              class="button is-small"
              disabled={isBusy.value}
              onClick={() => void compareWithBackend(name)}
            >
              {BACKEND_TITLES[name]}
            </button>
          ))}
        </div>
      </div>
      <div class="choice">
        <h2>The edited run</h2>
        <p class="note">{editedRun.value === null ? 'No edits yet' : 'As the edits leave it'}</p>
        <div class="row">
          <button
            type="button"
            class="button is-small"
            disabled={editedRun.value === null || isBusy.value}
            onClick={() => void compareWithEdited()}
          >
            Compare
          </button>
        </div>
      </div>
    </section>
  );
}

async function takeImage(files: readonly File[]): Promise<void> {
  const {image} = sortFiles(files);
  try {
    if (image === null) throw new Error('That is no image. Drop a PNG, JPEG or WebP file here.');
    await compareWithPicture(await pictureFrom(image, image.name));
  } catch (error) {
    showError(error);
  }
}
