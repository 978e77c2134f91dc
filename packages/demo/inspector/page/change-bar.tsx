/** How much an edit has changed what goes into a layer. */
import {useComputed} from '@preact/signals';
import type {JSX} from 'preact';
import {formatShare} from './format-number.js';
import {changes} from './state/edits.js';

export function ChangeBar({index}: {readonly index: number}): JSX.Element | null {
  const change = useComputed(() => changes.value?.get(index) ?? null).value;
  if (change === null || change === 0) return null;
  // Small changes are what one looks for: the root makes 1 % a tenth of the bar.
  const width = Math.min(1, Math.sqrt(change));
  return (
    <span class="change" data-change={change}>
      <span class="change-bar" aria-hidden="true">
        <span style={{width: `${100 * width}%`}} />
      </span>
      <span class="change-text">changed {Number.isFinite(change) ? formatShare(change) : '∞'}</span>
    </span>
  );
}
