/** Changes of what layers give, and what follows from them. */
import {effect, signal} from '@preact/signals';
import type {LayerEdit} from '../../protocol/run.js';
import {query} from './engine.js';
import {runEdited} from './runs.js';
import {editedRun, edits, mainRun, shownRun} from './session.js';

/** By hook point: the largest difference that the edits make to what goes in, relative; null without edits. */
export const changes = signal<ReadonlyMap<number, number> | null>(null);

export function addEdit(edit: LayerEdit): void {
  changeEdits([...edits.value, edit]);
}

export function removeEdit(edit: LayerEdit): void {
  changeEdits(edits.value.filter((other) => other !== edit));
}

export function clearEdits(): void {
  changeEdits([]);
}

function changeEdits(next: readonly LayerEdit[]): void {
  edits.value = next;
  if (next.length === 0) {
    editedRun.value = null;
    shownRun.value = 'main';
    void query((engine) => engine.forget('edited'));
    return;
  }
  shownRun.value = 'edited';
  void runEdited();
}

/** Starts to compare each edited run with the original; returns what ends that. */
export function followChanges(): () => void {
  return effect(() => {
    const edited = editedRun.value;
    if (edited === null || mainRun.value === null) {
      changes.value = null;
      return;
    }
    void query((engine) => engine.compare('main', 'edited', 0)).then((comparison) => {
      if (comparison === undefined || editedRun.value !== edited) return;
      changes.value = new Map(comparison.rows.map(({hook, relative}) => [hook, relative]));
    });
  });
}
