// What a person reads at the end of a run.

/** How many tests are worth reading: one cause usually makes many differ. */
const SHOWN = 30;
const LONGEST_VALUE = 200;

export function printTable(rows) {
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => String(row[column]).length)),
  );
  const line = (cells) => cells.map((cell, i) => String(cell).padStart(widths[i])).join('  ');
  console.log(`\n${line(columns)}`);
  for (const row of rows) console.log(line(columns.map((column) => row[column])));
}

/** Everything that a verdict (see judge.mjs) holds against a backend's scoped run. */
export function printFindings(backend, {differences, wrongRecords, complaints}) {
  printLines(backend, complaints);
  printLines(backend, wrongRecords);
  const byTest = new Map();
  for (const difference of differences) {
    const {test} = difference;
    byTest.set(test, [...(byTest.get(test) ?? [test]), showDifference(difference)]);
  }
  printLines(
    backend,
    [...byTest.values()].map((lines) => lines.join('\n    ')),
  );
}

export function printRecords(backend, records) {
  const counts = Object.entries(records).sort(([, a], [, b]) => b - a);
  console.log(`${backend} records: ${counts.map(([kernel, n]) => `${kernel} ${n}`).join(', ')}`);
}

function printLines(backend, lines) {
  for (const line of lines.slice(0, SHOWN)) console.log(`${backend}: ${line}`);
  if (lines.length > SHOWN) console.log(`${backend}: and ${lines.length - SHOWN} more`);
}

const showDifference = ({field, plain, scoped}) =>
  `${field}, plain:  ${show(plain)}\n    ${field}, scoped: ${show(scoped)}`;
const show = (value) => String(JSON.stringify(value)).slice(0, LONGEST_VALUE);
