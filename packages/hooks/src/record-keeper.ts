/**
 * What becomes of a scope's records, one by one as they are completed: cut down, reduced, held within a
 * budget, and asked whether the pass ends with them.
 */
import {CaptureArgumentError, isTensor, noteLive, releaseNote} from '@tfjs-capture/core';
import type {CapturedCall, CaptureScope, PreTaker, TensorNote} from '@tfjs-capture/core';
import type {KernelBackend, TensorInfo} from '@tensorflow/tfjs-core';
import {RECORD_FIELDS} from './activation-record.js';
import type {RecordField} from './activation-record.js';
import {notesOf} from './capture-budget.js';
import {isAsComputed} from './as-computed.js';
import type {CaptureBudget} from './capture-budget.js';
import type {EarlyEnd} from './early-end.js';
import {withTensor} from './live-tensors.js';
import {reducedPointOf} from './reduced-point.js';
import type {Reduce} from './reducer.js';
import {tensorsIn} from './reducer-state.js';
import {ReducedRecords} from './reduced-records.js';
import type {PassEnder} from './run-until-end.js';
import {sliceRecord} from './slice-option.js';
import type {Slice} from './slice-option.js';

/** What is to become of records. */
export interface KeepingRules {
  readonly slice: Slice | null;
  readonly reduce: Reduce<unknown> | null;
  readonly budget: CaptureBudget | null;
  /** What is kept of values that the budget does not admit; null if these are refused. */
  readonly beyondBudget: ReducedRecords | null;
  readonly end: EarlyEnd | null;
}

export class RecordKeeper implements PassEnder, PreTaker {
  /** What has been reduced, if values are merged. */
  readonly reduced: ReducedRecords | null;
  /** What a function has made of single values; tensors are noted in the value's place. */
  readonly values = new Map<CapturedCall, {readonly kind: RecordField; readonly value: unknown}>();
  /** The error by which it has ended the pass, if it has. */
  failure: Error | null = null;
  #isBeyondBudget = false;
  #isEndDue = false;

  constructor(readonly rules: KeepingRules) {
    const {reduce, beyondBudget} = rules;
    this.reduced =
      reduce && typeof reduce !== 'function' ? new ReducedRecords(reduce) : beyondBudget;
  }

  /** Where a pre-activation is only reduced, and nothing can be meant but what the kernel has computed. */
  takes(call: CapturedCall): boolean {
    const {slice, reduce, end} = this.rules;
    return reduce !== null && !slice && !end && !!this.reduced?.isInPlace && isAsComputed(call);
  }

  take(call: CapturedCall, pre: TensorInfo, backend: KernelBackend): void {
    this.reduced?.read(call, pre, backend);
  }

  /** @returns whether the scope goes on holding the record */
  keep(call: CapturedCall): boolean {
    const {slice, end} = this.rules;
    if (slice) sliceRecord(call, slice);
    if (end?.endsWith(call)) this.#isEndDue = true;
    return this.#hold(call);
  }

  /** @throws what ends the pass, if a record that has been looked at is to be the last */
  endIfDue(): void {
    const {end} = this.rules;
    if (!end || !this.#isEndDue) return;
    this.#isEndDue = false;
    throw end.signal;
  }

  #hold(call: CapturedCall): boolean {
    const {reduce, budget, beyondBudget} = this.rules;
    if (typeof reduce === 'function') this.#replaceByValue(call, reduce);
    else if (reduce) return this.#reduce(call);
    if (!budget) return true;
    if (!this.#isBeyondBudget && budget.admits(notesOf(call))) return true;
    if (!beyondBudget) throw (this.failure = budget.refusal(call));
    this.#isBeyondBudget = true;
    return this.#reduce(call);
  }

  #replaceByValue(
    call: CapturedCall,
    valueOf: Extract<Reduce<unknown>, (...args: never[]) => unknown>,
  ): void {
    for (const kind of RECORD_FIELDS) {
      const note = call[kind];
      if (!note) continue;
      const at = reducedPointOf(call, kind, note.shape.length);
      let noted: TensorNote | null = null;
      const value = withTensor(note, (tensor) => {
        const made = valueOf(tensor, at);
        if (isTensor(made)) noted = noteLive(made);
        else expectNoTensors(made, call.point.name);
        return made;
      });
      releaseNote(note);
      call[kind] = noted;
      this.values.set(call, {kind, value});
    }
  }

  #reduce(call: CapturedCall): boolean {
    for (const kind of RECORD_FIELDS) {
      const note = call[kind];
      if (!note) continue;
      this.reduced?.add(call, kind, note);
      call[kind] = null;
      releaseNote(note);
    }
    return false;
  }

  /**
   * Looks at what is left once the scope's function has returned.
   *
   * @throws the error by which the pass was ended, if the function has not let it through
   */
  finish(scope: CaptureScope): void {
    try {
      scope.plan.keeping?.lookAt(scope, true);
    } catch (error) {
      // Nothing is left to be ended.
      if (error !== this.rules.end?.signal) throw error;
    }
    if (this.failure) throw this.failure;
  }

  get signal(): Error | undefined {
    return this.rules.end?.signal;
  }

  dispose(): void {
    this.reduced?.dispose();
  }
}

/** Of a tensor in something else nobody would dispose. */
function expectNoTensors(made: unknown, name: string): void {
  if (tensorsIn(made).length === 0) return;
  throw new CaptureArgumentError(
    `withCapture: reduce must return a tensor, or what holds none, got some in a container for '${name}'. ` +
      'Stack them, or read their values.',
  );
}
