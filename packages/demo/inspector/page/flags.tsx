/** What is wrong with a layer's or a channel's units: as shape and text, not by colour alone. */
import type {JSX} from 'preact';

export interface Flagged {
  readonly dead: number;
  readonly saturated: number;
  readonly nonFinite: number;
}

const KINDS = [
  {kind: 'dead', title: 'dead', path: 'M1.5 1.5h7v7h-7z'},
  {kind: 'saturated', title: 'saturated', path: 'M5 1l4.5 8h-9z'},
  {kind: 'nonFinite', title: 'non-finite', path: 'M5 .5 9.5 5 5 9.5.5 5z'},
] as const;

/** Counts of flagged channels, where there are any. */
export function Flags({of}: {readonly of: Flagged}): JSX.Element | null {
  const shown = KINDS.filter(({kind}) => of[kind] > 0);
  if (shown.length === 0) return null;
  return (
    <span class="flags">
      {shown.map(({kind, title, path}) => (
        <span key={kind} class="flag" data-flag={kind}>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <path d={path} />
          </svg>
          {of[kind]} {title}
        </span>
      ))}
    </span>
  );
}
