/** Which of a layer's channels are shown, and how to get to the others. */
import type {JSX} from 'preact';
import {PAGE_SIZE, page, pageCount} from './state/layer.js';
import {selectedHook} from './state/session.js';

export function Pager(): JSX.Element | null {
  const channels = selectedHook.value?.layout.channels ?? 0;
  const first = page.value * PAGE_SIZE + 1;
  const last = Math.min(channels, first + PAGE_SIZE - 1);
  const sentence =
    pageCount.value === 1
      ? `all ${channels} ${channels === 1 ? 'channel' : 'channels'}`
      : `channels ${first}–${last} of ${channels}`;
  return (
    <div class="pager">
      {pageCount.value > 1 && <PageButton title="Previous channels" mark="←" by={-1} />}
      <span aria-live="polite">{sentence}</span>
      {pageCount.value > 1 && <PageButton title="Next channels" mark="→" by={1} />}
    </div>
  );
}

interface PageButtonProps {
  readonly title: string;
  readonly mark: string;
  readonly by: 1 | -1;
}

function PageButton({title, mark, by}: PageButtonProps): JSX.Element {
  const target = page.value + by;
  return (
    <button
      type="button"
      class="button is-small"
      aria-label={title}
      disabled={target < 0 || target >= pageCount.value}
      onClick={() => (page.value = target)}
    >
      <span aria-hidden="true">{mark}</span>
    </button>
  );
}
