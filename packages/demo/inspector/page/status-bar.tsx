/** What runs now, how far it is, and how to stop it. */
import type {JSX} from 'preact';
import {cancel} from './state/engine.js';
import {activity, lastFinished} from './state/jobs.js';

export function StatusBar(): JSX.Element {
  const now = activity.value;
  return (
    <section class="status" aria-label="Progress" data-busy={now !== null}>
      <p class="visually-hidden" role="status" aria-live="polite">
        {now?.stage ?? lastFinished.value}
      </p>
      {now !== null && (
        <>
          <span class="status-stage">
            {now.stage}
            {now.share === null ? '' : ` · ${Math.round(100 * now.share)} %`}
          </span>
          <progress
            class="status-bar"
            aria-label={now.stage}
            max={1}
            {...(now.share === null ? {} : {value: now.share})}
          />
          <button type="button" class="button is-small" onClick={cancel}>
            Cancel
          </button>
        </>
      )}
    </section>
  );
}
