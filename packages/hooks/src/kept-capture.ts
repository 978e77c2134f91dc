/** Captures whose records have been reduced, cut down or ended early. */
import {wrongArgument} from '@tfjs-capture/core';
import type {CaptureScope, HookPoint} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {entriesOf} from './activation-record.js';
import type {ActivationRecord, Entry, RecordField} from './activation-record.js';
import {ScopeCapture} from './capture.js';
import {NotRecordedError} from './errors.js';
import {JoinedResults} from './joined-results.js';
import type {Layer} from './layer-classes.js';
import {lookUp} from './look-up.js';
import type {At} from './look-up.js';
import type {RecordKeeper} from './record-keeper.js';
import {nameOf} from './asked-name.js';
import {MergedEntries} from './merged-entries.js';
import type {ReducedCapture} from './reduced-capture.js';
import {disposeResult, tensorsIn} from './reducer-state.js';
import {bytesOf} from './table.js';
import {tableOfResults} from './result-table.js';

/** Makes a capture of what a scope wrote down and a keeper has kept of that. */
export function keptCaptureOf<R>(
  result: R,
  scope: CaptureScope,
  {reduced, values}: RecordKeeper,
): ReducedCapture<R> {
  const held = scope.captured.flatMap((call) => {
    const made = values.get(call);
    const [entry] = entriesOf([call]);
    if (!made) return entry ?? [];
    const {[made.kind]: tensor, ...point}: ActivationRecord = call.point;
    return {point: {...point, value: tensor ?? made.value}, frame: call.frame};
  });
  return new KeptCapture(
    result,
    held,
    new MergedEntries(reduced?.entries() ?? [], reduced?.kind),
    scope,
  );
}

class KeptCapture<R> extends ScopeCapture<R> implements ReducedCapture<R> {
  readonly reduced: HookPoint[];
  readonly #held: readonly Entry[];
  readonly #merged: MergedEntries;
  /** Both: what the base class works on. */
  readonly #all: Entry[];
  readonly #called: CaptureScope;
  readonly #joined = new JoinedResults();
  #isDisposed = false;

  constructor(result: R, held: readonly Entry[], merged: MergedEntries, called: CaptureScope) {
    const all: Entry[] = [...held, ...merged.entries];
    super(result, all, called);
    this.#held = held;
    this.#merged = merged;
    this.#all = all;
    this.#called = called;
    this.reduced = all.filter(({point}) => 'value' in point).map(({point}) => point);
  }

  override pre(layer: string | Layer, at?: At): Tensor {
    this.#expectHeld('pre', layer, at);
    return super.pre(layer, at);
  }

  override post(layer: string | Layer, at?: At): Tensor {
    this.#expectHeld('post', layer, at);
    return super.post(layer, at);
  }

  override output(layer: string | Layer, at?: At): Tensor {
    this.#expectHeld('output', layer, at);
    return super.output(layer, at);
  }

  override get(layer: string | Layer, at: At = {}): ActivationRecord {
    if (this.#isDisposed) return super.get(layer, at); // which says so
    const found = {entries: this.#entriesAt(at), called: this.#called};
    const {pass, ...place} = at;
    const all = lookUp(found, 'capture.get', layer, place, null);
    const passes = pass === undefined ? all : all.filter((entry) => entry.point.pass === pass);
    const results = passes.filter(hasResult);
    if (pass !== undefined && all.some((entry) => this.#isMerged(entry))) {
      const rule = `the passes of '${nameOf(layer)}' are merged`;
      if (passes.every((entry) => this.#isMerged(entry))) {
        throw wrongArgument('capture.get', rule, `pass ${pass}`, 'Leave it out.');
      }
    }
    if (results.length === 0) return super.get(layer, at);
    const [first] = passes as [Entry];
    const held = hasResult(first) ? first.point : super.get(layer, at);
    return {...held, value: this.#joined.join(results, nameOf(layer))};
  }

  override memory(): {tensors: number; bytes: number} {
    const {tensors, bytes} = super.memory();
    const results = this.#tensors();
    return {
      tensors: tensors + results.length,
      bytes: bytes + results.reduce((sum, result) => sum + bytesOf(result), 0),
    };
  }

  override table(): string {
    return this.reduced.length > 0 ? tableOfResults(this.records) : super.table();
  }

  merge(other: ReducedCapture<unknown>): this {
    if (!(other instanceof KeptCapture) || this.#held.length + other.#held.length > 0) {
      const rule = 'both captures must be made with a reducer that merges';
      throw wrongArgument('capture.merge', rule, other, 'Pass reduce: stats(), for example.');
    }
    if (other === this) {
      throw wrongArgument(
        'capture.merge',
        'the other must be another capture',
        'itself',
        'Capture again.',
      );
    }
    for (const capture of [this, other]) if (capture.#isDisposed) capture.find([]); // which says so
    const kinds = [this, other].map((capture) => capture.#merged.kind);
    if (kinds[0] !== kinds[1]) {
      const rule = `what is merged must be ${kinds[0] ?? 'of a reducer of the same kind'}`;
      throw wrongArgument('capture.merge', rule, kinds[1], 'Reduce both alike.');
    }
    const added = this.#merged.merge(other.#merged);
    this.#all.push(...added);
    const points = added.map(({point}) => point);
    (this.records as ActivationRecord[]).push(...points);
    this.reduced.push(...points);
    return this;
  }

  override dispose(): void {
    if (this.#isDisposed) return;
    super.dispose();
    this.#merged.dispose();
    for (const {point} of this.#held) disposeResult(point.value);
    this.#joined.dispose();
    this.#isDisposed = true;
  }

  /** With no call that is named, all calls of what has been merged are one. */
  #entriesAt({call}: At): readonly Entry[] {
    return call === undefined ? [...this.#held, ...this.#merged.overCalls] : this.#all;
  }

  #isMerged(entry: Entry): boolean {
    return !this.#held.includes(entry);
  }

  /** @throws NotRecordedError where there are results in place of tensors */
  #expectHeld(field: RecordField, layer: string | Layer, {pass, ...place}: At = {}): void {
    if (this.#isDisposed || this.reduced.length === 0) return;
    const asker = `capture.${field}`;
    const isThere = (entries: readonly Entry[], at: At): boolean => {
      try {
        return lookUp({entries, called: this.#called}, asker, layer, at, null).length > 0;
      } catch {
        return false; // there are none, or none that are meant
      }
    };
    const held = this.#held.filter((entry) => !hasResult(entry));
    if (pass !== undefined && isThere(held, {...place, pass})) return;
    if (!isThere(this.#entriesAt(place).filter(hasResult), place)) return;
    const name = nameOf(layer);
    throw new NotRecordedError(
      `${asker}: '${name}' was reduced, got no tensor${held.length > 0 ? ' of some passes' : ''}. ` +
        `Read capture.get('${name}').value.`,
    );
  }

  /** Of results, those that nobody has disposed of. */
  #tensors(): Tensor[] {
    const results = [...this.#held.map(({point}) => point.value), ...this.#merged.values()];
    const tensors = new Set(results.flatMap(tensorsIn).concat(this.#joined.tensors()));
    return [...tensors].filter(({isDisposed}) => !isDisposed);
  }
}

const hasResult = ({point}: Entry): boolean => 'value' in point;
