/** A button that opens the system's dialog for files, or for a folder. */
import {useRef} from 'preact/hooks';
import type {JSX} from 'preact';

interface FilePickerProps {
  readonly label: string;
  readonly accept?: string;
  readonly isFolder?: boolean;
  readonly isSmall?: boolean;
  readonly onFiles: (files: readonly File[]) => unknown;
}

export function FilePicker(props: FilePickerProps): JSX.Element {
  const {label, accept, isFolder = false, isSmall = false, onFiles} = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class={isSmall ? 'button is-small' : 'button'}
        onClick={() => input.current?.click()}
      >
        {label}
      </button>
      <input
        ref={input}
        type="file"
        class="visually-hidden"
        tabIndex={-1}
        aria-label={label}
        multiple
        {...(accept === undefined ? {} : {accept})}
        {...(isFolder ? {webkitdirectory: true} : {})}
        onChange={(event) => {
          const files = Array.from(event.currentTarget.files ?? []);
          // So that the same files can be picked again.
          event.currentTarget.value = '';
          onFiles(files);
        }}
      />
    </>
  );
}
