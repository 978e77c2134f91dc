/** The whole page: the start, or the workspace, under one heading. */
import {useEffect} from 'preact/hooks';
import type {JSX} from 'preact';
import {Alert} from './alert.js';
import {Header} from './header.js';
import {Start} from './start.js';
import {Workspace} from './workspace.js';
import {filesDropped} from './state/dropped-files.js';
import {isDraggedOver} from './state/dragging.js';
import {openAddress} from './state/open-address.js';
import {place, section} from './state/place.js';
import {takeFiles} from './state/take-files.js';
import './state/theme.js';

export function App(): JSX.Element {
  useEffect(() => void openAddress(), []);
  useEffect(takeDrops, []);
  useEffect(focusFilterBySlash, []);
  const isStart = place.value === 'start';
  return (
    <div class={isDraggedOver.value ? 'app is-dragged-over' : 'app'}>
      <Header />
      <Alert />
      <main class={isStart ? 'start' : 'workspace'}>{isStart ? <Start /> : <Workspace />}</main>
    </div>
  );
}

/** Files may be dropped anywhere. */
function takeDrops(): () => void {
  const events = new AbortController();
  const options = {signal: events.signal};
  addEventListener('dragover', allowDrop, options);
  addEventListener('dragleave', leave, options);
  addEventListener('drop', drop, options);
  return () => {
    events.abort();
  };
}

function allowDrop(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files') !== true) return;
  event.preventDefault();
  isDraggedOver.value = true;
}

function leave(event: DragEvent): void {
  if (event.relatedTarget === null) isDraggedOver.value = false;
}

function drop(event: DragEvent): void {
  isDraggedOver.value = false;
  if (event.defaultPrevented || event.dataTransfer === null) return;
  event.preventDefault();
  void filesDropped(event.dataTransfer).then(takeFiles);
}

function focusFilterBySlash(): () => void {
  const onKey = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, select');
    // In an open dialog the focus may be nowhere: what had it is gone.
    if (event.key !== '/' || isTyping || document.querySelector('dialog[open]') !== null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    section.value = place.value === 'workspace' ? 'outline' : section.value;
    // On narrow screens the outline is drawn only now, in a microtask that was queued before this
    // one. A frame later would be too late: whoever types on would lose letters.
    queueMicrotask(() => document.getElementById('filter')?.focus());
    event.preventDefault();
  };
  addEventListener('keydown', onKey);
  return () => {
    removeEventListener('keydown', onKey);
  };
}
