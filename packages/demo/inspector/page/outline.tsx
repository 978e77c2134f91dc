/** The layer list: a tree of what the model's layers are nested in. */
import {useRef} from 'preact/hooks';
import type {JSX} from 'preact';
import {OutlineRow} from './outline-row.js';
import {filterText, isFlaggedOnly, outlineRows, toggleGroup} from './state/outline-rows.js';
import type {OutlineRow as Row} from './state/outline-rows.js';
import {goTo} from './state/place.js';
import {selectedIndex, visibleRun} from './state/session.js';
import {useFocusedRow} from './use-focused-row.js';

export function Outline(): JSX.Element {
  const rows = outlineRows.value;
  const tree = useRef<HTMLDivElement>(null);
  const focus = useFocusedRow(tree, rows);
  const activate = (row: Row) => {
    focus.set(row.key);
    if (row.hook === null) toggleGroup(row.key);
    else open(row.hook.index);
  };
  return (
    <section class="outline" aria-label="Outline">
      <div class="outline-head">
        <input
          id="filter"
          type="search"
          aria-label="Filter layers"
          placeholder="Filter layers  ( / )"
          value={filterText.value}
          onInput={(event) => (filterText.value = event.currentTarget.value)}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={isFlaggedOnly.value}
            onChange={(event) => (isFlaggedOnly.value = event.currentTarget.checked)}
          />
          <span>Flagged only</span>
        </label>
      </div>
      <div
        ref={tree}
        class="tree"
        role="tree"
        aria-label="Layers"
        onKeyDown={(event) => {
          if (focus.move(event)) event.preventDefault();
        }}
      >
        {rows.map((row) => (
          <OutlineRow key={row.key} row={row} isTabStop={focus.key === row.key} onOpen={activate} />
        ))}
      </div>
      {rows.length === 0 && <p class="note outline-empty">{emptySentence()}</p>}
    </section>
  );
}

function open(index: number): void {
  selectedIndex.value = index;
  goTo('layer');
}

function emptySentence(): string {
  if (visibleRun.value === null) return 'Layers appear here once the model has run.';
  return 'No layer fits. Clear the filter to see all.';
}
