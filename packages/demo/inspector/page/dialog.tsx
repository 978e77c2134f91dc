/** A modal dialog, by the browser's own element: it keeps the focus, and Esc closes it. */
import {useId, useLayoutEffect, useRef} from 'preact/hooks';
import type {ComponentChildren, JSX} from 'preact';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly isLarge?: boolean;
  readonly children: ComponentChildren;
}

export function Dialog({title, onClose, isLarge = false, children}: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Not `useEffect`: once it is out of the page, closing it gives the focus back to nobody.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={isLarge ? 'dialog is-large' : 'dialog'}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        // The dialog itself is hit only where its backdrop is.
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog-inner">
        <div class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="button is-quiet" aria-label="Close" onClick={onClose}>
            <span aria-hidden="true">✕</span>
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
