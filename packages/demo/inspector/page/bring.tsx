/** Ways to bring a model and an image: drop, pick, address, camera. */
import {useSignal} from '@preact/signals';
import type {JSX} from 'preact';
import {CameraButton} from './camera.js';
import {FilePicker} from './file-picker.js';
import {MODEL_FILE_KINDS} from '../protocol/files.js';
import {openModel, usePicture} from './state/runs.js';
import {picture} from './state/session.js';
import {takeFiles} from './state/take-files.js';

export function Bring(): JSX.Element {
  return (
    <div class="bring">
      <div class="drop-zone">
        <svg viewBox="0 0 48 40" aria-hidden="true">
          <path d="M24 4v22m-9-9 9 9 9-9M6 26v10h36V26" />
        </svg>
        <p>
          Drop <code>model.json</code> with its <code>.bin</code> files, an image, or a folder of
          all that
        </p>
        <div class="row is-centred">
          <FilePicker label="Choose model files" accept={MODEL_FILE_KINDS} onFiles={takeFiles} />
          <FilePicker label="Choose a folder" isFolder onFiles={takeFiles} />
          <FilePicker label="Choose an image" accept="image/*" onFiles={takeFiles} />
          <CameraButton onPicture={usePicture} />
        </div>
        {picture.value !== null && (
          <p class="note">Image: {picture.value.name}. A model will get it.</p>
        )}
      </div>
      <AddressForm />
    </div>
  );
}

function AddressForm(): JSX.Element {
  const address = useSignal('');
  const open = (event: SubmitEvent) => {
    event.preventDefault();
    const url = address.value.trim();
    if (url !== '') void openModel({kind: 'url', url}, () => null);
  };
  return (
    <form class="row address" onSubmit={open}>
      <label class="field is-wide">
        <span>Address of a model.json</span>
        <input
          type="text"
          inputMode="url"
          spellcheck={false}
          placeholder="https://…/model.json"
          value={address.value}
          onInput={(event) => (address.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button">
        Load
      </button>
    </form>
  );
}
