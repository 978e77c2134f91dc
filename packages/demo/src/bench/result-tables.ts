/** The tables of the benchmark, as rows of text: the terminal and Markdown draw them in their ways. */
import {budgetRows} from './budgets.js';
import type {
  BenchmarkResult,
  ModelResult,
  ModelResults,
  VariantResult,
} from './benchmark-result.js';
import type {AfterCaptures} from './compare-after-captures.js';
import {CAPTURES} from './compare-after-captures.js';
import {ALL_GRADIENTS, IDENTITY_EDIT} from './compare-edits.js';
import type {EditRatios} from './compare-edits.js';
import type {AfterScopes} from './compare-after-scopes.js';
import {isSame} from './compare-values.js';
import {significant, whole} from './number-format.js';
import type {Spread} from './spread.js';

export interface ResultTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NONE = '–';
const AFTER_CAPTURES = `plain predict after ${CAPTURES} captures, to before`;

/** Everything about one model. */
export function modelTable({
  variants,
  afterScopes,
  afterCaptures,
  edits,
}: ModelResults): ResultTable {
  return {
    head: [
      'variant',
      'median ms',
      'p10–p90 ms',
      '× plain',
      'p10–p90',
      'samples',
      'tensors held',
      'bytes held',
      'beyond them',
    ],
    rows: [
      ...variants.map(variantRow),
      ...(afterScopes ? [afterScopesRow(afterScopes)] : []),
      ...(afterCaptures ? afterCapturesRows(afterCaptures) : []),
      ...(edits ? editRows(edits) : []),
    ],
  };
}

/** Ratios to plain predict alone, all models side by side. */
export function overviewTable({models}: BenchmarkResult): ResultTable {
  const names = new Set(models.flatMap(({variants}) => variants.map(({name}) => name)));
  const cells = (cell: (model: ModelResults) => string) => models.map(cell);
  return {
    head: ['× plain predict', ...models.map(({title}) => title)],
    rows: [
      [
        'plain predict, ms',
        ...cells(({variants: [plain]}) => significant(plain?.milliseconds.median ?? NaN)),
      ],
      ['hook points', ...cells(({hookPoints}) => String(hookPoints))],
      ...[...names].slice(1).map((name) => [name, ...cells((model) => ratioOf(model, name))]),
      [
        'plain predict after 1000 scopes, against none',
        ...cells(({afterScopes}) => afterScopes?.ratio.median.toFixed(2) ?? NONE),
      ],
      [
        AFTER_CAPTURES,
        ...cells(({afterCaptures}) => afterCaptures?.ratio.median.toFixed(2) ?? NONE),
      ],
      [IDENTITY_EDIT, ...cells(({edits}) => edits?.edit.median.toFixed(2) ?? NONE)],
      [ALL_GRADIENTS, ...cells(({edits}) => edits?.gradients?.median.toFixed(2) ?? NONE)],
    ],
  };
}

export function budgetTable(result: BenchmarkResult): ResultTable {
  return {
    head: ['budget', 'model', 'at most', 'measured (95 % interval)', 'verdict'],
    rows: budgetRows(result).map(({what, where, limit, measured, verdict}) => [
      what,
      where,
      limit,
      measured,
      verdict,
    ]),
  };
}

/** What the first capture in a process costs on top: code is compiled, and weights are packed again. */
export function firstCaptureTable({models}: BenchmarkResult): ResultTable {
  return {
    head: [
      'model',
      'first plain predict, ms',
      'plain predict, ms',
      'first capture, ms',
      'WASM memory before',
      'after it',
      'after all captures',
      'captures',
    ],
    rows: models.flatMap(({title, afterScopes}) =>
      afterScopes ? [[title, ...firstCaptureCells(afterScopes)]] : [],
    ),
  };
}

function firstCaptureCells(first: AfterScopes): string[] {
  return [
    significant(first.firstPlain),
    significant(first.plain),
    significant(first.firstCapture),
    ...first.heapBytes.map((bytes) =>
      bytes === null ? NONE : `${(bytes / 2 ** 20).toFixed(0)} MiB`,
    ),
    whole(first.captures),
  ];
}

/** What is missing from a model's table and why, and what is wrong with the values, if anything. */
export function notesOf({variants, missing}: ModelResult): string[] {
  const names = missing.map(({name}) => name).join(', ');
  const left = missing.slice(0, 1).map(({why}) => `Left out, since it ${why}: ${names}.`);
  return [...left, ...variants.flatMap(warningsOf)];
}

function warningsOf({name, comparison, held: {left}}: VariantResult): string[] {
  const {differing, values, largest, unmatched} = comparison;
  const share = `${whole(differing)} of ${whole(values)} values`;
  const warnings: string[] = [];
  if (!isSame(comparison)) {
    warnings.push(
      `${name} is not compared: ${share} differ, by up to ${significant(largest)} of the largest ` +
        `in their tensor; ${whole(unmatched)} tensors have no counterpart.`,
    );
  } else if (differing > 0) {
    warnings.push(
      `${name}: ${share} are rounded otherwise, by up to ${largest.toExponential(1)} of the largest in their tensor.`,
    );
  }
  if (left !== 0) warnings.push(`${name} leaves ${whole(left)} bytes behind.`);
  return warnings;
}

function variantRow({name, milliseconds, ratio, held, comparison}: VariantResult): string[] {
  const {tensors, bytes, excess} = held;
  return [
    name,
    significant(milliseconds.median),
    range(milliseconds, significant),
    isSame(comparison) ? ratio.median.toFixed(3) : 'other values',
    isSame(comparison) ? range(ratio, thousandths) : '',
    whole(milliseconds.samples),
    whole(tensors),
    whole(bytes),
    excess === null ? NONE : whole(excess),
  ];
}

function afterScopesRow({scopes, ratio}: AfterScopes): string[] {
  return ratioRow(`plain predict after ${scopes} scopes, against none`, ratio);
}

function afterCapturesRows({ratio, drift}: AfterCaptures): string[][] {
  return [
    ratioRow(AFTER_CAPTURES, ratio),
    ratioRow('the same without captures: the drift of the machine', drift),
  ];
}

function editRows({edit, gradients}: EditRatios): string[][] {
  return [
    ratioRow(IDENTITY_EDIT, edit),
    ...(gradients ? [ratioRow(ALL_GRADIENTS, gradients)] : []),
  ];
}

function ratioRow(name: string, ratio: Spread): string[] {
  const {median, samples} = ratio;
  return [name, '', '', thousandths(median), range(ratio, thousandths), whole(samples), '', '', ''];
}

function ratioOf({variants}: ModelResults, name: string): string {
  const found = variants.find((variant) => variant.name === name);
  if (!found) return NONE;
  return isSame(found.comparison) ? found.ratio.median.toFixed(2) : 'other values';
}

function range({p10, p90}: Spread, show: (value: number) => string): string {
  return `${show(p10)}–${show(p90)}`;
}

function thousandths(value: number): string {
  return value.toFixed(3);
}
