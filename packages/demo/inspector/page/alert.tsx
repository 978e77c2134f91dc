/** What went wrong, until it is dismissed. */
import type {JSX} from 'preact';
import {alertText, dismissAlert} from './state/alert.js';

export function Alert(): JSX.Element | null {
  if (alertText.value === null) return null;
  return (
    <div class="alert" role="alert">
      <span class="alert-mark" aria-hidden="true">
        !
      </span>
      <p>{alertText.value}</p>
      <button type="button" class="button is-quiet" onClick={dismissAlert}>
        Dismiss
      </button>
    </div>
  );
}
