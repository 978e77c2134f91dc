/** The options that say what becomes of records: `reduce`, `slice`, `stopAfterLast`, `stopWhen`, `maxBytes`, `onBudget`. */
import {keepingOf, runInScope, watchUntidiedTensors, wrongArgument} from '@tfjs-capture/core';
import type {CaptureArgumentError, CaptureScope} from '@tfjs-capture/core';
import {CaptureBudget} from './capture-budget.js';
import {addOption} from './capture-options.js';
import type {Capture} from './capture.js';
import type {AnyOptions, CapturePlan} from './capture-options.js';
import {endAfterAll, endWhen, exactNames, runBatches} from './early-end.js';
import type {EarlyEnd} from './early-end.js';
import {keptCaptureOf} from './kept-capture.js';
import {RecordKeeper} from './record-keeper.js';
import type {KeepingRules} from './record-keeper.js';
import type {Reduce} from './reducer.js';
import {ReducedRecords} from './reduced-records.js';
import {statsReducer} from './reducers/channel-statistics.js';
import {runUntilEnd} from './run-until-end.js';
import {checkSlice} from './slice-option.js';

const NAMES = ['reduce', 'slice', 'stopAfterLast', 'stopWhen', 'maxBytes', 'onBudget'] as const;

/** Makes them known to `withCapture`. */
export function enableKeeping(): void {
  for (const name of NAMES) addOption(name, planKeeping);
}

/** @throws CaptureArgumentError for values of the wrong kind, and for options that exclude each other */
function planKeeping(plan: CapturePlan, options: AnyOptions): void {
  const rules = plan.runner ? null : rulesOf(plan, options);
  if (rules === null) return; // all of these options have been read with the first of them
  const {end, reduce, slice} = rules;
  const keeper = new RecordKeeper(rules);
  const derives = typeof reduce === 'function' || slice !== null;
  const keeping = keepingOf(
    (call) => keeper.keep(call),
    () => {
      keeper.endIfDue();
    },
    keeper,
    derives,
  );
  plan.keeping = end
    ? {...keeping, runBatches: (run, args) => runBatches(end, run, args)}
    : keeping;
  if (end?.watching) plan.editing = end.watching;
  plan.runner = {
    run: (fn) =>
      runInScope(
        plan,
        () => runUntilEnd(keeper, fn),
        (result, scope) => finish(keeper, result, scope),
      ),
  };
  watchUntidiedTensors();
}

/** @returns null if nothing is asked for */
function rulesOf({record}: CapturePlan, options: AnyOptions): KeepingRules | null {
  const {reduce = null, slice = null, maxBytes, onBudget} = options;
  if (reduce !== null) checkReduce(reduce);
  if (slice !== null) checkSlice(slice);
  if (onBudget !== undefined && maxBytes === undefined) {
    throw wrong('onBudget needs maxBytes', onBudget, 'Pass maxBytes too.');
  }
  const budget = maxBytes === undefined ? null : new CaptureBudget(maxBytes, onBudget ?? 'throw');
  const isReducedBeyond = onBudget === 'reduce';
  if (reduce !== null && isReducedBeyond) {
    throw wrong("onBudget: 'reduce' excludes reduce", reduce, 'Leave out one of them.');
  }
  if ((reduce !== null || isReducedBeyond) && record.length > 1) {
    const rule = "what is reduced is one of 'pre', 'post' and 'output'";
    throw wrong(rule, record, 'Capture once for each.');
  }
  const beyondBudget = isReducedBeyond ? new ReducedRecords(statsReducer()) : null;
  const end = endOf(options);
  return (reduce ?? slice ?? budget ?? end) ? {reduce, slice, budget, beyondBudget, end} : null;
}

function checkReduce(reduce: unknown): asserts reduce is Reduce<unknown> {
  if (typeof reduce === 'function') return;
  const missing = ['init', 'step', 'merge', 'finish'].find(
    (name) => typeof (reduce as Record<string, unknown>)[name] !== 'function',
  );
  if (missing === undefined) return;
  const rule = 'reduce must be a function or have init, step, merge and finish';
  throw wrong(rule, typeof reduce === 'object' ? `no ${missing}` : reduce, 'Pass stats().');
}

function endOf({stopAfterLast, stopWhen, layers}: AnyOptions): EarlyEnd | null {
  if (isEarlyEnd(stopWhen)) return stopWhen;
  if (stopWhen !== undefined) {
    if (typeof stopWhen !== 'function') {
      const rule = 'stopWhen must be a predicate on the record';
      throw wrong(rule, stopWhen, "Pass ({name}) => name === 'block2_conv1'.");
    }
    return endWhen(stopWhen);
  }
  const isAsked: unknown = stopAfterLast ?? false;
  if (isAsked === false) return null;
  if (isAsked !== true) {
    throw wrong('stopAfterLast must be true or false', stopAfterLast, 'Leave it out for false.');
  }
  const names = exactNames(layers);
  if (names.length > 0) return endAfterAll(names);
  const rule = 'stopAfterLast needs exact names in layers';
  throw wrong(rule, layers, "Pass layers: ['block2_conv1'], or stopWhen.");
}

/** What ends passes within this package is handed on as it is. */
const isEarlyEnd = (value: unknown): value is EarlyEnd =>
  typeof value === 'object' && value !== null && 'endsWith' in value;

function finish(keeper: RecordKeeper, result: unknown, scope: CaptureScope): Capture<unknown> {
  try {
    keeper.finish(scope);
    return keptCaptureOf(result, scope, keeper);
  } catch (error) {
    keeper.dispose();
    throw error;
  }
}

const wrong = (rule: string, got: unknown, remedy: string): CaptureArgumentError =>
  wrongArgument('withCapture', rule, got, remedy);
