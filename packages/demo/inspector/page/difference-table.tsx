/** Differences as numbers: what the chart shows, for all who cannot see it. */
import type {JSX} from 'preact';
import type {ComparisonRow} from '../protocol/comparison.js';
import {formatCount, formatNumber} from './format-number.js';

interface DifferenceTableProps {
  readonly rows: readonly ComparisonRow[];
  readonly onOpen: (hook: number) => void;
}

export function DifferenceTable({rows, onOpen}: DifferenceTableProps): JSX.Element {
  return (
    <details class="differences">
      <summary>All {rows.length} layers as a table</summary>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Differences per layer">
        <table class="statistics">
          <thead>
            <tr>
              {['Layer', 'relative', 'largest', 'mean', 'values', 'at'].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.hook}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    onClick={() => {
                      onOpen(row.hook);
                    }}
                  >
                    {row.name}
                  </button>
                </th>
                <td>{formatNumber(row.relative)}</td>
                <td>{formatNumber(row.largest)}</td>
                <td>{formatNumber(row.mean)}</td>
                <td>{formatCount(row.differing)}</td>
                <td>[{row.position.join(', ')}]</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
