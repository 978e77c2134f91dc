/** What goes into the model, and how it is prepared. */
import type {JSX} from 'preact';
import {PIXEL_RANGES} from '../protocol/model.js';
import {CameraButton} from './camera.js';
import {FilePicker} from './file-picker.js';
import {NumberField} from './number-field.js';
import {PictureCanvas} from './picture-canvas.js';
import {Segmented} from './segmented.js';
import {runMain, usePicture} from './state/runs.js';
import {model, picture, preparation, seed} from './state/session.js';
import {takeFiles} from './state/take-files.js';

export function InputPanel(): JSX.Element {
  const taken = picture.value;
  const target = model.value?.imageInput ?? null;
  return (
    <section class="panel" aria-labelledby="input-title">
      <h2 id="input-title">Input</h2>
      {target === null || taken === null ? (
        <p class="note">
          {target === null ? 'This model takes no image. ' : ''}Noise goes in, the same for each
          seed.
        </p>
      ) : (
        <div class="input-facts">
          <PictureCanvas picture={taken} label={`Input image ${taken.name}`} />
          <p>
            {taken.name}
            <span class="note">
              {taken.width} × {taken.height}
            </span>
          </p>
        </div>
      )}
      <div class="row">
        {target !== null && (
          <>
            <FilePicker label="Image" accept="image/*" isSmall onFiles={takeFiles} />
            <CameraButton isSmall onPicture={usePicture} />
          </>
        )}
        <button
          type="button"
          class="button is-small"
          onClick={() => {
            seed.value++;
            usePicture(null);
          }}
        >
          {taken === null ? 'Other noise' : 'Noise'}
        </button>
      </div>
      {target !== null && taken !== null && (
        <PreparationFields isSizeFree={target.height === null} />
      )}
    </section>
  );
}

function PreparationFields({isSizeFree}: {readonly isSizeFree: boolean}): JSX.Element {
  const {range, longestSide} = preparation.value;
  return (
    <>
      <Segmented
        label="Pixels"
        value={range}
        choices={PIXEL_RANGES.map((each) => [each, each.replace(' to ', '…')] as const)}
        onChoose={(chosen) => {
          preparation.value = {...preparation.value, range: chosen};
          void runMain();
        }}
      />
      {isSizeFree && (
        <NumberField
          label="Longest side, pixels"
          value={longestSide}
          min={1}
          waitsUntilLeft
          onChange={(side) => {
            preparation.value = {...preparation.value, longestSide: Math.round(side)};
            void runMain();
          }}
        />
      )}
    </>
  );
}
