/** One channel, large, before and after its activation, over the input image. */
import {useEffect} from 'preact/hooks';
import type {JSX} from 'preact';
import {ColourBar} from './colour-bar.js';
import {Dialog} from './dialog.js';
import {formatNumber} from './format-number.js';
import {OpacitySlider} from './opacity-slider.js';
import {saveEnlarged} from './picture/enlarged-picture.js';
import {Stage} from './stage.js';
import {addEdit} from './state/edits.js';
import {cell, enlargedLimit, enlargedValues, followEnlarged, opacity} from './state/enlarged.js';
import {inputRegion} from './state/input-region.js';
import {canStepEnlarged, enlargedChannel, stepEnlarged} from './state/layer.js';
import {model, selectedHook} from './state/session.js';

export function Enlarged(): JSX.Element | null {
  useEffect(followEnlarged, []);
  const channel = enlargedChannel.value;
  const hook = selectedHook.value;
  if (channel === null || hook === null) return null;
  const close = () => (enlargedChannel.value = null);
  const values = enlargedValues.value;
  return (
    <Dialog title={`${hook.name} · channel ${channel}`} isLarge onClose={close}>
      {values !== null && (
        <>
          <div class="stages">
            <Stage side="pre" title={`Before ${hook.activation}`} values={values} />
            <Stage side="post" title={`After ${hook.activation}`} values={values} />
          </div>
          <Readout />
          <ColourBar limit={enlargedLimit.value} />
        </>
      )}
      <div class="row enlarged-foot">
        <Step by={-1} title="Previous channel" />
        <Step by={1} title="Next channel" />
        {inputRegion.value !== null && <OpacitySlider label="Map over image" opacity={opacity} />}
        <span class="spacer" />
        <button
          type="button"
          class="button"
          onClick={() => {
            addEdit({name: hook.name, channels: [channel], change: {kind: 'ablate'}});
            close();
          }}
        >
          Ablate this channel
        </button>
        <button
          type="button"
          class="button"
          disabled={values === null}
          onClick={() => {
            if (values !== null)
              void saveEnlarged(model.value?.name ?? 'model', hook, channel, values);
          }}
        >
          Save PNG
        </button>
      </div>
    </Dialog>
  );
}

function Readout(): JSX.Element | null {
  const values = enlargedValues.value;
  if (values === null) return null;
  const {row, column} = cell.value;
  const at = row * values.width + column;
  return (
    <output class="readout" aria-live="polite">
      <span>
        row {row}, column {column}
      </span>
      <span>
        before <b>{formatNumber(values.pre[at] ?? NaN)}</b>
      </span>
      <span>
        after <b>{formatNumber(values.post[at] ?? NaN)}</b>
      </span>
    </output>
  );
}

function Step({by, title}: {readonly by: 1 | -1; readonly title: string}): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      aria-label={title}
      // Not `disabled`: whoever walks to the end by keyboard would lose the focus there.
      aria-disabled={!canStepEnlarged(by)}
      onClick={() => {
        stepEnlarged(by);
      }}
    >
      <span aria-hidden="true">{by > 0 ? '→' : '←'}</span>
    </button>
  );
}
