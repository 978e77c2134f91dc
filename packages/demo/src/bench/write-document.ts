/** Puts the figures into docs/benchmarks.md, between its markers. */
import {readFile, writeFile} from 'node:fs/promises';
import type {BenchmarkResult} from './benchmark-result.js';
import {markdownTable} from './draw-table.js';
import type {Machine} from './machine.js';
import {
  budgetTable,
  firstCaptureTable,
  modelTable,
  notesOf,
  overviewTable,
} from './result-tables.js';

/** From packages/demo/dist/bench, where this runs. */
const DOCUMENT = new URL('../../../../docs/benchmarks.md', import.meta.url);
const BEGIN = '<!-- figures: npm run bench -- --write replaces what follows -->';
const END = '<!-- end of figures -->';

export async function writeDocument(result: BenchmarkResult): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  await writeFile(DOCUMENT, withFigures(text, figuresOf(result)));
}

/** @throws Error if the markers are not there, in this order. */
export function withFigures(text: string, figures: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`writeDocument: docs/benchmarks.md must hold '${BEGIN}' and then '${END}'.`);
  }
  return `${text.slice(0, begin + BEGIN.length)}\n\n${figures}\n\n${text.slice(end)}`;
}

export function figuresOf(result: BenchmarkResult): string {
  return [
    `Measured on ${result.date.slice(0, 10)} in ${result.seconds} s on ${inWords(result.machine)}`,
    '## Ratios',
    markdownTable(overviewTable(result)),
    '## Budgets',
    markdownTable(budgetTable(result)),
    '## The first capture in a process',
    markdownTable(firstCaptureTable(result)),
    '## Each model',
    ...result.models.flatMap((model) => [
      `### ${model.title}`,
      markdownTable(modelTable(model)),
      ...notesOf(model),
    ]),
  ].join('\n\n');
}

export function inWords(machine: Machine): string {
  const {cpu, cores, memoryGigabytes, platform, load, node, packages, wasm} = machine;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return (
    `${cpu}, ${cores} cores, ${memoryGigabytes} GiB, ${platform}, load ${load.toFixed(1)} before; ` +
    `Node ${node}; WASM with ${wasm}; ${versions.join(', ')}.`
  );
}
