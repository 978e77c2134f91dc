/** The budgets of section 9 of the design, beside what was measured. */
import type {BenchmarkResult, ModelResults, VariantResult} from './benchmark-result.js';
import {CAPTURE_VARIANTS} from './capture-variants.js';
import {CAPTURES} from './compare-after-captures.js';
import {ALL_GRADIENTS, IDENTITY_EDIT} from './compare-edits.js';
import {CHANNEL_STATS} from './reducer-variants.js';
import type {Spread} from './spread.js';
import {isSame} from './compare-values.js';

export interface BudgetRow {
  readonly what: string;
  /** The model, or on what it was measured. */
  readonly where: string;
  readonly limit: string;
  readonly measured: string;
  readonly verdict: string;
}

/** Two processes that do the same differ by as much, by chance: in where their memory lies, for example. */
const LUCK_OF_A_PROCESS = 0.02;

/** Where TensorFlow.js's own work counts for more than the overhead of a call. */
const SLOW_MODEL_MS = 10;
/** The design has a budget for slow models and one for the MLP. What is in between is held to the stricter one. */
const TINY_MODEL_MS = 1;

export function budgetRows({models, emptyScopes}: BenchmarkResult): BudgetRow[] {
  return [
    ...models.flatMap((model) => captureRow(model)),
    ...models.flatMap((model) =>
      [CAPTURE_VARIANTS.nothing, CAPTURE_VARIANTS.noMatch].flatMap((name) =>
        ratioRow(name, model, name, 1.02),
      ),
    ),
    ...emptyScopes.map(({what, microseconds}) => ({
      what: `enter and leave an empty scope, ${what}`,
      where: 'no model',
      limit: '10 µs',
      measured: `${microseconds.median.toFixed(1)} µs (${interval(microseconds, 1)})`,
      verdict: verdictOf(microseconds, 10),
    })),
    ...models.flatMap((model) => stopRow(model)),
    ...models.flatMap((model) => ratioRow(CHANNEL_STATS, model, CHANNEL_STATS, 1.1)),
    ...models.flatMap((model) => afterScopesRow(model)),
    ...models.flatMap((model) => afterCapturesRow(model)),
    ...models.flatMap((model) => excessRow(model)),
    ...models.flatMap((model) => editRows(model)),
  ];
}

function captureRow(model: ModelResults): BudgetRow[] {
  const [plain] = model.variants;
  const milliseconds = plain?.milliseconds.median ?? NaN;
  if (milliseconds < TINY_MODEL_MS) {
    return ratioRow('the same, and 1.10 is the aim', model, CAPTURE_VARIANTS.all, 1.25);
  }
  const isSlow = milliseconds >= SLOW_MODEL_MS;
  const what = `capture of every pre-activation${isSlow ? '' : ', in less than 10 ms'}`;
  return ratioRow(what, model, CAPTURE_VARIANTS.all, 1.05);
}

/** A pass has a fifth left at most where each layer does as much: of a deep convolutional network, that is. */
function stopRow(model: ModelResults): BudgetRow[] {
  const what = 'one layer at a fifth of the depth, stopAfterLast';
  const isDeep = model.key.startsWith('vgg19');
  return isDeep ? ratioRow(what, model, CAPTURE_VARIANTS.stopAfterLast, 0.3) : [];
}

function ratioRow(what: string, model: ModelResults, name: string, limit: number): BudgetRow[] {
  return variantsNamed(model, name).map(({ratio}) => ({
    what,
    where: model.title,
    limit: limit.toFixed(2),
    measured: measured(ratio),
    verdict: verdictOf(ratio, limit),
  }));
}

function afterScopesRow({title, afterScopes}: ModelResults): BudgetRow[] {
  if (!afterScopes) return [];
  const {scopes, ratio} = afterScopes;
  const what = `plain predict after ${scopes} scopes, against none`;
  return [afterwardsRow(what, title, ratio, LUCK_OF_A_PROCESS)];
}

function afterCapturesRow({title, afterCaptures}: ModelResults): BudgetRow[] {
  if (!afterCaptures) return [];
  const what = `plain predict after ${CAPTURES} captures, to before`;
  const {ratio, drift} = afterCaptures;
  const row = afterwardsRow(what, title, ratio, LUCK_OF_A_PROCESS + Math.abs(drift.median - 1));
  return [{...row, measured: `${row.measured}, drift ${drift.median.toFixed(3)}`}];
}

/** @param margin what chance may do that the samples do not show */
function afterwardsRow(what: string, where: string, ratio: Spread, margin: number): BudgetRow {
  const low = ratio.low - margin;
  const high = ratio.high + margin;
  const verdict = verdictOf({...ratio, low, high}, 1);
  return {what, where, limit: '1.00', measured: measured(ratio), verdict};
}

function editRows({title: where, edits}: ModelResults): BudgetRow[] {
  if (!edits) return [];
  const row = (what: string, ratio: Spread, limit: number): BudgetRow => ({
    what,
    where,
    limit: limit.toFixed(2),
    measured: measured(ratio),
    verdict: verdictOf(ratio, limit),
  });
  const {edit, gradients} = edits;
  return [
    row(IDENTITY_EDIT, edit, 1.1),
    ...(gradients ? [row(ALL_GRADIENTS, gradients, 1.15)] : []),
  ];
}

function excessRow(model: ModelResults): BudgetRow[] {
  return variantsNamed(model, CAPTURE_VARIANTS.all).map(({held: {excess}}) => ({
    what: 'bytes held beyond the captured tensors',
    where: model.title,
    limit: '0',
    measured: String(excess),
    verdict: excess === 0 ? 'met' : 'missed',
  }));
}

function variantsNamed({variants}: ModelResults, name: string): VariantResult[] {
  return variants.filter((variant) => variant.name === name && isSame(variant.comparison));
}

/** By the median; says so where chance alone could have turned it. */
export function verdictOf({median, low, high}: Spread, limit: number): string {
  const verdict = median <= limit ? 'met' : 'missed';
  return low <= limit && limit < high ? `${verdict}, within the noise` : verdict;
}

function measured(ratio: Spread): string {
  return `${ratio.median.toFixed(3)} (${interval(ratio, 3)})`;
}

function interval({low, high}: Spread, digits: number): string {
  return `${low.toFixed(digits)}–${high.toFixed(digits)}`;
}
