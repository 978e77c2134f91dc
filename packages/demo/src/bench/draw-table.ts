import Table from 'cli-table3';
import type {ResultTable} from './result-tables.js';

/** For a terminal. */
export function drawTable({head, rows}: ResultTable): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: {head: [], border: [], compact: true},
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

/** For Markdown. */
export function markdownTable({head, rows}: ResultTable): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
