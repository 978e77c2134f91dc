/** Runs a reducer's functions, and owns the tensors that a state may hold. */
import {
  backendOfNote,
  CaptureError,
  handOver,
  isTensor,
  noteLive,
  outsideScopes,
  untaped,
  valuesInPlace,
  wholeNumbersOf,
} from '@tfjs-capture/core';
import type {TensorNote} from '@tfjs-capture/core';
import {getBackend, keep, tidy} from '@tensorflow/tfjs-core';
import type {KernelBackend, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import {withTensor} from './live-tensors.js';
import {isInPlace} from './reducer.js';
import type {InPlaceReducer, ReducedPoint, Reducer} from './reducer.js';

/** How many states hold a tensor: `merge` may hand on what the other state has. */
const holders = new WeakMap<Tensor, number>();

/** One state of a reducer. */
export class ReducerState {
  readonly #inPlace: InPlaceReducer<unknown, unknown> | null;
  #state: unknown;

  constructor(
    readonly reducer: Reducer<unknown>,
    readonly at: ReducedPoint,
  ) {
    this.#inPlace = isInPlace(reducer) ? reducer : null;
    this.#become(() => reducer.init(at));
  }

  /**
   * Adds a value.
   *
   * @returns what has been reduced of it on a device, for `absorb`; null if nothing is to be read back
   */
  step(note: TensorNote, pass: number): TensorNote | null {
    const at = this.#atPass(pass);
    const inPlace = this.#inPlace;
    if (!inPlace) {
      withTensor(note, (value) => {
        this.#become(() => this.reducer.step(this.#state, value, at) ?? this.#state);
      });
      return null;
    }
    const {data, shape, dtype} = note;
    const backend = backendOfNote(note);
    if (backend && this.read({dataId: data.dataId, shape, dtype}, backend, pass)) return null;
    checkReadable();
    return withTensor(note, (value) => untaped(() => noteLive(inPlace.onDevice(value, at))));
  }

  /**
   * Adds a value where it lies.
   *
   * @returns false, and adds nothing, where JavaScript cannot read it, or the reducer does not
   */
  read(info: TensorInfo, backend: KernelBackend, pass: number): boolean {
    const whole = wholeNumbersOf(backend, info);
    const values = (): Float32Array | null => whole ?? valuesInPlace(backend, info);
    if (!this.#inPlace || values() === null) return false;
    const {shape} = info;
    this.#inPlace.read(
      this.#state,
      {values: values as () => Float32Array, shape, backend},
      this.#atPass(pass),
    );
    return true;
  }

  /** Adds what has been read back of a value of this shape. */
  absorb(reduced: Float32Array, shape: readonly number[], pass: number): void {
    this.#inPlace?.absorb(this.#state, reduced, shape, this.#atPass(pass));
  }

  merge(other: ReducerState, sameInputs: boolean): void {
    this.#become(() => this.reducer.merge(this.#state, other.#state, sameInputs) ?? this.#state);
  }

  /** Whether neither the state nor the result holds tensors: with reducers that come with this package. */
  get isPlain(): boolean {
    return this.#inPlace !== null;
  }

  /** The result. Its tensors join the tidy in progress, and are the caller's. */
  finish(): unknown {
    const finish = (): unknown => this.reducer.finish(this.#state);
    return this.isPlain ? finish() : apart(finish);
  }

  /** Has the state's tensors live as long as the tidy in progress. */
  settle(): void {
    this.#tensors().forEach(handOver);
  }

  /** A plain state stays, for results that nobody has read yet. */
  dispose(): void {
    if (this.isPlain) return;
    this.#tensors().forEach(letGo);
    this.#state = null;
  }

  #atPass(pass: number): ReducedPoint {
    return pass === this.at.pass ? this.at : {...this.at, pass};
  }

  #become(next: () => unknown): void {
    if (this.isPlain) {
      this.#state = next();
      return;
    }
    const before = this.#tensors();
    this.#state = apart(() => {
      const state = next();
      tensorsIn(state).forEach(keep);
      return state;
    });
    const after = this.#tensors();
    for (const tensor of after) if (!before.includes(tensor)) hold(tensor);
    for (const tensor of before) if (!after.includes(tensor)) letGo(tensor);
  }

  #tensors(): Tensor[] {
    return this.isPlain ? [] : tensorsIn(this.#state);
  }
}

/** @throws CaptureError where what a device gives cannot be read back before the capture is there */
function checkReadable(): void {
  if (getBackend() !== 'webgpu') return;
  throw new CaptureError(
    'withCapture: reducers read back when the scope ends, got webgpu, which reads asynchronously alone. ' +
      'Use wasm or webgl, or capture tensors and await their data().',
  );
}

const hold = (tensor: Tensor): void => void holders.set(tensor, (holders.get(tensor) ?? 0) + 1);

function letGo(tensor: Tensor): void {
  const left = (holders.get(tensor) ?? 1) - 1;
  holders.set(tensor, left);
  if (left === 0) tensor.dispose();
}

/** Disposes of a result's tensors, but for those that a state holds. */
export function disposeResult(result: unknown): void {
  for (const tensor of tensorsIn(result)) if (!holders.get(tensor)) tensor.dispose();
}

/** Runs a user's function outside every scope, on no tape, in a tidy that ends what it makes on the way. */
function apart(fn: () => unknown): unknown {
  let result: unknown;
  tidy(() => {
    result = outsideScopes(() => untaped(fn));
    return tensorsIn(result);
  });
  return result;
}

/**
 * Tensors in arrays and objects, each once, as TensorFlow.js finds them. But that asks every number of an array by
 * its key, which for a network's statistics takes as long as the network itself.
 */
export function tensorsIn(container: unknown): Tensor[] {
  const seen = new Set<object>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (ArrayBuffer.isView(value) || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) if (typeof value[i] === 'object') walk(value[i]);
    } else if (!isTensor(value)) Object.values(value).forEach(walk);
  };
  walk(container);
  return [...seen].filter(isTensor);
}
