/** Captures: what a scope recorded, to look up by layer. */
import {compileFilter} from '@tfjs-capture/core';
import type {CaptureScope, LayerFilter} from '@tfjs-capture/core';
import {util} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {entriesOf, RECORD_FIELDS} from './activation-record.js';
import type {ActivationRecord, Entry, RecordField} from './activation-record.js';
import {CaptureDisposedError} from './errors.js';
import type {CalledLayers} from './explain-absence.js';
import {joinPasses} from './join-passes.js';
import type {Layer} from './layer-classes.js';
import {lookUp} from './look-up.js';
import type {At} from './look-up.js';
import {tableOf} from './table.js';

/**
 * What was recorded while `withCapture`'s function ran.
 *
 * The captured tensors belong to the place where `withCapture` was called: inside a `tf.tidy` they end
 * with that tidy, unless kept or returned from it; elsewhere call `dispose()`, or declare the capture
 * with `using`. They share memory with the model's own tensors. `result` is the caller's, and is not
 * disposed of.
 *
 * `layer` is everywhere a full name ('encoder/block1/conv'), a suffix of path segments that only one
 * layer has ('conv'), or the layer object. The object of a wrapper or an RNN stands for the one layer
 * that it calls.
 */
export interface Capture<R> extends Iterable<ActivationRecord>, Disposable {
  /** Exactly what the function returns without capture. */
  readonly result: R;
  /** One record per hook point and pass, in execution order. */
  readonly records: readonly ActivationRecord[];
  /** Distinct names, in execution order. */
  names(): string[];
  /**
   * What went into the layer's activation function, in the shape of the layer's output. The passes of
   * a `predict` in several batches are concatenated along axis 0, unless `at` names one.
   *
   * @throws LayerNotFoundError if there is no such layer; the message lists the nearest names
   * @throws AmbiguousLayerError if several layers, calls or slots fit; the message lists them
   * @throws NotRecordedError if `record` left it out
   * @throws CaptureDisposedError after `dispose()`
   */
  pre(layer: string | Layer, at?: At): Tensor;
  /** What came out of the layer's activation function. Otherwise as `pre`. */
  post(layer: string | Layer, at?: At): Tensor;
  /** What the layer returned; its first output if it has several. Otherwise as `pre`. */
  output(layer: string | Layer, at?: At): Tensor;
  /** The whole record, its passes joined. Otherwise as `pre`. */
  get(layer: string | Layer, at?: At): ActivationRecord;
  /** All records that a filter selects, in execution order. */
  find(filter: LayerFilter): ActivationRecord[];
  /** How many tensors the capture holds, and how many bytes of data these share. */
  memory(): {tensors: number; bytes: number};
  /** Name, activation, kernel, shape and bytes of every record, as lines to print. */
  table(): string;
  /** Disposes of the captured tensors. Idempotent; `[Symbol.dispose]` is the same. */
  dispose(): void;
}

/** Makes a capture of what a scope wrote down. */
export function captureOf<R>(result: R, scope: CaptureScope): Capture<R> {
  return new ScopeCapture(result, scope);
}

class ScopeCapture<R> implements Capture<R> {
  readonly records: readonly ActivationRecord[];
  #entries: readonly Entry[];
  #scope: CalledLayers | null;
  #joined: Map<string, Tensor> | null = null;

  constructor(
    readonly result: R,
    scope: CaptureScope,
  ) {
    this.#entries = entriesOf(scope.captured);
    this.records = this.#entries.map(({record}) => record);
    this.#scope = scope;
  }

  names(): string[] {
    return [...new Set(this.records.map(({name}) => name))];
  }

  pre(layer: string | Layer, at: At = {}): Tensor {
    return this.#tensor('pre', layer, at);
  }

  post(layer: string | Layer, at: At = {}): Tensor {
    return this.#tensor('post', layer, at);
  }

  output(layer: string | Layer, at: At = {}): Tensor {
    return this.#tensor('output', layer, at);
  }

  get(layer: string | Layer, at: At = {}): ActivationRecord {
    const entries = this.#lookUp('get', layer, at, null);
    const [first] = entries as [Entry];
    if (entries.length === 1) return first.record;
    const joined = {...first.record};
    for (const field of RECORD_FIELDS) {
      if (first.record[field]) Object.assign(joined, {[field]: this.#join(entries, field)});
    }
    return joined;
  }

  find(filter: LayerFilter): ActivationRecord[] {
    this.#aliveScope('find');
    const {byPoint} = compileFilter(filter, 'capture.find');
    return this.records.filter(byPoint);
  }

  memory(): {tensors: number; bytes: number} {
    const data = new Map<object, number>();
    const tensors = this.#tensors();
    for (const {dataId, size, dtype} of tensors)
      data.set(dataId, size * util.bytesPerElement(dtype));
    return {tensors: tensors.length, bytes: [...data.values()].reduce((sum, b) => sum + b, 0)};
  }

  table(): string {
    return tableOf(this.records);
  }

  dispose(): void {
    for (const tensor of this.#tensors()) tensor.dispose();
    // The layers need not live as long as a disposed capture does.
    this.#entries = [];
    this.#scope = null;
    this.#joined = null;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  [Symbol.iterator](): Iterator<ActivationRecord> {
    return this.records[Symbol.iterator]();
  }

  #tensor(field: RecordField, layer: string | Layer, at: At): Tensor {
    return this.#join(this.#lookUp(field, layer, at, field), field);
  }

  #lookUp(
    asker: string,
    layer: string | Layer,
    at: At,
    field: RecordField | null,
  ): readonly Entry[] {
    const called = this.#aliveScope(asker);
    return lookUp({entries: this.#entries, called}, `capture.${asker}`, layer, at, field);
  }

  #join(entries: readonly Entry[], field: RecordField): Tensor {
    const parts = entries.flatMap(({record}) => record[field] ?? []);
    const [first] = parts as [Tensor];
    if (parts.length === 1) return first;
    const key = `${field} ${parts.map(({id}) => id).join()}`;
    const known = (this.#joined ??= new Map<string, Tensor>()).get(key);
    if (known && !known.isDisposed) return known;
    const joined = joinPasses(parts, entries[0]?.record.name ?? '');
    this.#joined.set(key, joined);
    return joined;
  }

  /** All tensors held that nobody has disposed of. */
  #tensors(): Tensor[] {
    const tensors: Tensor[] = [];
    for (const {pre, post, output} of this.records) {
      if (pre && !pre.isDisposed) tensors.push(pre);
      if (post && !post.isDisposed) tensors.push(post);
      if (output && !output.isDisposed) tensors.push(output);
    }
    if (this.#joined) {
      for (const joined of this.#joined.values()) if (!joined.isDisposed) tensors.push(joined);
    }
    return tensors;
  }

  #aliveScope(asker: string): CalledLayers {
    if (this.#scope) return this.#scope;
    throw new CaptureDisposedError(
      `capture.${asker}: the capture has been disposed of, got a call after that. ` +
        'Read what you need before dispose(), or before the block of its `using` ends.',
    );
  }
}
