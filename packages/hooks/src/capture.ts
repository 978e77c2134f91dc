/** Captures: what a scope recorded, to look up by layer. */
import {compileFilter} from '@tfjs-capture/core';
import type {CaptureScope, LayerFilter} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {entriesOf, RECORD_FIELDS} from './activation-record.js';
import type {ActivationRecord, Entry, RecordField} from './activation-record.js';
import {CaptureDisposedError} from './errors.js';
import type {CalledLayers} from './explain-absence.js';
import {joinPasses} from './join-passes.js';
import type {Layer} from './layer-classes.js';
import {lookUp} from './look-up.js';
import type {At} from './look-up.js';
import {bytesOf, tableOf} from './table.js';

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
export interface Capture<R, V = unknown> extends Iterable<ActivationRecord<V>>, Disposable {
  /** Exactly what the function returns without capture. */
  readonly result: R;
  /** One record per hook point and pass, in execution order. */
  readonly records: readonly ActivationRecord<V>[];
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
  get(layer: string | Layer, at?: At): ActivationRecord<V>;
  /** All records that a filter selects, in execution order. */
  find(filter: LayerFilter): ActivationRecord<V>[];
  /** How many tensors the capture holds, and how many bytes of data these share. */
  memory(): {tensors: number; bytes: number};
  /** Name, activation, kernel, shape and bytes of every record, as lines to print. */
  table(): string;
  /** Disposes of the captured tensors. Idempotent; `[Symbol.dispose]` is the same. */
  dispose(): void;
}

/** Makes a capture of what a scope wrote down. */
export function captureOf<R>(result: R, scope: CaptureScope): Capture<R> {
  return new ScopeCapture(result, entriesOf(scope.captured), scope);
}

/** A class, since an object of closures would cost a small model half a percent of its time. */
export class ScopeCapture<R> implements Capture<R> {
  declare readonly result: R;
  declare readonly records: readonly ActivationRecord[];
  #entries: readonly Entry[];
  #called: CalledLayers | null;
  /** What several passes were joined to, by the field and the parts' ids. */
  #joined: Map<string, Tensor> | null = null;

  constructor(result: R, entries: readonly Entry[], called: CalledLayers) {
    this.result = result;
    this.#entries = entries;
    this.#called = called;
    this.records = entries.map(({point}) => point);
  }

  names(): string[] {
    return [...new Set(this.records.map(({name}) => name))];
  }

  pre(layer: string | Layer, at?: At): Tensor {
    return this.#tensor('pre', layer, at);
  }

  post(layer: string | Layer, at?: At): Tensor {
    return this.#tensor('post', layer, at);
  }

  output(layer: string | Layer, at?: At): Tensor {
    return this.#tensor('output', layer, at);
  }

  get(layer: string | Layer, at?: At): ActivationRecord {
    const passes = this.#find('get', layer, at, null);
    const [{point}] = passes as [Entry];
    if (passes.length === 1) return point;
    const record = {...point};
    for (const field of RECORD_FIELDS) {
      if (point[field]) Object.assign(record, {[field]: this.#join(passes, field)});
    }
    return record;
  }

  find(filter: LayerFilter): ActivationRecord[] {
    this.#alive('find');
    return this.records.filter(compileFilter(filter, 'capture.find').byPoint);
  }

  memory(): {tensors: number; bytes: number} {
    const held = this.#tensors();
    const bytes = new Map(held.map((tensor) => [tensor.dataId, bytesOf(tensor)]));
    return {tensors: held.length, bytes: [...bytes.values()].reduce((sum, b) => sum + b, 0)};
  }

  table(): string {
    return tableOf(this.records);
  }

  dispose(): void {
    for (const tensor of this.#tensors()) tensor.dispose();
    // The layers need not live as long as a disposed capture does.
    this.#entries = [];
    this.#called = this.#joined = null;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  [Symbol.iterator](): Iterator<ActivationRecord> {
    return this.records[Symbol.iterator]();
  }

  #tensor(field: RecordField, layer: string | Layer, at?: At): Tensor {
    return this.#join(this.#find(field, layer, at, field), field);
  }

  #find(
    asker: string,
    layer: string | Layer,
    at: At = {},
    field: RecordField | null,
  ): readonly Entry[] {
    const found = {called: this.#alive(asker), entries: this.#entries};
    return lookUp(found, `capture.${asker}`, layer, at, field);
  }

  #join(passes: readonly Entry[], field: RecordField): Tensor {
    const parts = passes.flatMap(({point}) => point[field] ?? []);
    const [first] = parts as [Tensor];
    if (parts.length === 1) return first;
    const key = `${field} ${parts.map(({id}) => id).join()}`;
    const joined = (this.#joined ??= new Map<string, Tensor>());
    let tensor = joined.get(key);
    if (!tensor || tensor.isDisposed) {
      tensor = joinPasses(parts, passes[0]?.point.name ?? '');
      joined.set(key, tensor);
    }
    return tensor;
  }

  /** All tensors held that nobody has disposed of. */
  #tensors(): Tensor[] {
    const held = [...(this.#joined?.values() ?? [])];
    for (const {pre, post, output} of this.records) {
      if (pre) held.push(pre);
      if (post) held.push(post);
      if (output) held.push(output);
    }
    return held.filter(({isDisposed}) => !isDisposed);
  }

  #alive(asker: string): CalledLayers {
    if (this.#called) return this.#called;
    throw new CaptureDisposedError(
      `capture.${asker}: the capture has been disposed of, got a call since. ` +
        'Read what you need before dispose().',
    );
  }
}
