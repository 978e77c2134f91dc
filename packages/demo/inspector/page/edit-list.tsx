/** The edits that are made, and whether the page shows the original or the edited run. */
import type {JSX} from 'preact';
import {editText} from './change-text.js';
import {Segmented} from './segmented.js';
import {clearEdits, removeEdit} from './state/edits.js';
import {edits, shownRun} from './state/session.js';

export function EditList(): JSX.Element | null {
  if (edits.value.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="edits-title">
      <h2 id="edits-title">Edits</h2>
      <Segmented
        label="Show"
        value={shownRun.value}
        choices={[
          ['main', 'Original'],
          ['edited', 'Edited'],
        ]}
        onChoose={(chosen) => (shownRun.value = chosen)}
      />
      <ul class="edits">
        {edits.value.map((edit, index) => (
          <li key={index}>
            <span>
              <code>{edit.name}</code>
              <span class="note">{editText(edit)}</span>
            </span>
            <button
              type="button"
              class="button is-quiet is-small"
              aria-label={`Remove: ${edit.name}, ${editText(edit)}`}
              onClick={() => {
                removeEdit(edit);
              }}
            >
              <span aria-hidden="true">✕</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button is-small" onClick={clearEdits}>
        Clear all edits
      </button>
    </section>
  );
}
