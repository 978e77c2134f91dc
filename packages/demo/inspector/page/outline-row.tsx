/** One row of the outline: a group, or a hook point with its histogram and flags. */
import {useComputed} from '@preact/signals';
import type {JSX} from 'preact';
import {ChangeBar} from './change-bar.js';
import {Flags} from './flags.js';
import {formatShape} from './format-number.js';
import {Histogram} from './histogram.js';
import type {OutlineRow as Row} from './state/outline-rows.js';
import {selectedIndex} from './state/session.js';

interface OutlineRowProps {
  readonly row: Row;
  readonly isTabStop: boolean;
  readonly onOpen: (row: Row) => void;
}

export function OutlineRow({row, isTabStop, onOpen}: OutlineRowProps): JSX.Element {
  const {hook, level, isExpanded} = row;
  const isSelected = useComputed(() => hook !== null && selectedIndex.value === hook.index);
  return (
    <div
      class={hook === null ? 'tree-row is-group' : 'tree-row'}
      role="treeitem"
      data-key={row.key}
      {...(hook === null ? {} : {'data-hook': hook.name})}
      aria-level={level}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-selected={isSelected.value}
      {...(isExpanded === null ? {} : {'aria-expanded': isExpanded})}
      tabIndex={isTabStop ? 0 : -1}
      style={{'--level': String(level - 1)}}
      onClick={() => {
        onOpen(row);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onOpen(row);
      }}
    >
      {hook === null ? (
        <span class="group-name">{row.label}</span>
      ) : (
        <>
          <span class="hook-name" title={hook.name}>
            {row.label}
          </span>
          <Histogram hook={hook} />
          <span class="hook-detail">
            {hook.activation} · {formatShape(hook.shape.slice(1))}
          </span>
          <Flags of={hook} />
          <ChangeBar index={hook.index} />
        </>
      )}
    </div>
  );
}
