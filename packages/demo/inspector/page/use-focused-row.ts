/** Which row of the outline has the keyboard, and where the arrow keys take it. */
import {useSignal} from '@preact/signals';
import type {RefObject} from 'preact';
import {toggleGroup} from './state/outline-rows.js';
import type {OutlineRow} from './state/outline-rows.js';

interface FocusedRow {
  /** Of the one row that Tab stops at. */
  readonly key: string | undefined;
  set(key: string): void;
  /** Whether the key meant something. */
  move(event: KeyboardEvent): boolean;
}

export function useFocusedRow(
  tree: RefObject<HTMLElement | null>,
  rows: readonly OutlineRow[],
): FocusedRow {
  const wanted = useSignal<string | undefined>(undefined);
  const at = Math.max(
    0,
    rows.findIndex(({key}) => key === wanted.value),
  );
  const focus = (row: OutlineRow | undefined) => {
    if (row === undefined) return;
    wanted.value = row.key;
    for (const element of tree.current?.children ?? []) {
      if (element instanceof HTMLElement && element.dataset['key'] === row.key) element.focus();
    }
  };
  const move = ({key, ctrlKey, metaKey, altKey}: KeyboardEvent): boolean => {
    const row = rows[at];
    // With one of these, arrow keys are the browser's: back, forward.
    if (row === undefined || ctrlKey || metaKey || altKey) return false;
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => {
        focus(rows[at + 1]);
      },
      ArrowUp: () => {
        focus(rows[at - 1]);
      },
      Home: () => {
        focus(rows[0]);
      },
      End: () => {
        focus(rows.at(-1));
      },
      ArrowRight: () => {
        if (row.isExpanded === false) toggleGroup(row.key, true);
        else if (row.isExpanded) focus(rows[at + 1]);
      },
      ArrowLeft: () => {
        if (row.isExpanded) toggleGroup(row.key, false);
        else focus(rows.find((other) => other.key === row.parent));
      },
    };
    steps[key]?.();
    return key in steps;
  };
  return {key: rows[at]?.key, set: (key) => (wanted.value = key), move};
}
