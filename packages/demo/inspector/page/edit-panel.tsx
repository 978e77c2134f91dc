/** Ablates, scales or clamps what comes out of the shown layer, or of its selected channels. */
import {useSignal} from '@preact/signals';
import type {JSX} from 'preact';
import {changeError} from './change-text.js';
import {NumberField} from './number-field.js';
import {Segmented} from './segmented.js';
import {addEdit} from './state/edits.js';
import {chosenChannels, isChoosing} from './state/layer.js';
import {goTo} from './state/place.js';
import {selectedHook} from './state/session.js';
import type {Change} from '../protocol/run.js';

export function EditPanel(): JSX.Element {
  const hook = selectedHook.value;
  const kind = useSignal<Change['kind']>('ablate');
  const factor = useSignal(2);
  const min = useSignal(0);
  const max = useSignal(1);
  const chosen = [...chosenChannels.value].sort((a, b) => a - b);
  const change = changeOf(kind.value, factor.value, min.value, max.value);
  const fault = changeError(change);
  return (
    <section class="panel" aria-labelledby="edit-title">
      <h2 id="edit-title">Edit</h2>
      {hook === null ? (
        <p class="note">Choose a layer in the outline.</p>
      ) : (
        <>
          <p class="edit-target">
            <code>{hook.name}</code>
            <span class="note">
              {chosen.length === 0 ? 'all channels' : `channels ${chosen.join(', ')}`}
            </span>
          </p>
          <Segmented
            label="Change"
            isLabelShown={false}
            value={kind.value}
            choices={[
              ['ablate', 'Ablate'],
              ['scale', 'Scale'],
              ['clamp', 'Clamp'],
            ]}
            onChoose={(next) => (kind.value = next)}
          />
          {kind.value === 'scale' && (
            <NumberField
              label="Factor"
              value={factor.value}
              onChange={(next) => (factor.value = next)}
            />
          )}
          {kind.value === 'clamp' && (
            <div class="pair">
              <NumberField
                label="Least"
                value={min.value}
                onChange={(next) => (min.value = next)}
              />
              <NumberField label="Most" value={max.value} onChange={(next) => (max.value = next)} />
            </div>
          )}
          {fault !== null && <p class="fault">{fault}</p>}
          <div class="row">
            <button
              type="button"
              class="button is-primary"
              disabled={fault !== null}
              onClick={() => {
                const channels = chosen.length === 0 ? null : chosen;
                addEdit({name: hook.name, channels, change});
              }}
            >
              Apply
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                if (chosen.length > 0) chosenChannels.value = new Set();
                else {
                  isChoosing.value = true;
                  goTo('layer');
                }
              }}
            >
              {chosen.length > 0 ? 'Clear selection' : 'Select channels…'}
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function changeOf(kind: Change['kind'], factor: number, min: number, max: number): Change {
  if (kind === 'scale') return {kind, factor};
  return kind === 'clamp' ? {kind, min, max} : {kind};
}
