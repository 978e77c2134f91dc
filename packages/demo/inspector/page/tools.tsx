/** What one can do: change the input, edit layers, take things away. */
import type {JSX} from 'preact';
import {EditList} from './edit-list.js';
import {EditPanel} from './edit-panel.js';
import {InputPanel} from './input-panel.js';
import {SavePanel} from './save-panel.js';

export function Tools(): JSX.Element {
  return (
    <aside class="tools" aria-label="Tools">
      <InputPanel />
      <EditPanel />
      <EditList />
      <SavePanel />
    </aside>
  );
}
