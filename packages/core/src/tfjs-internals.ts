/**
 * The one typed door to what TensorFlow.js keeps to itself.
 *
 * Everything here is read off tfjs-core 4.22's `engine.ts` and `kernel_registry.ts`; no other file
 * of this package names a hidden field.
 */
import {engine, Tensor} from '@tensorflow/tfjs-core';
import type {KernelBackend, KernelConfig, TensorInfo, TypedArray} from '@tensorflow/tfjs-core';

/** A data id as backends know it: an object without contents, compared by identity. */
export type DataId = TensorInfo['dataId'];

/** One `tf.tidy` in progress. */
export interface EngineScope {
  readonly id: number;
  readonly name: string;
  readonly track: Tensor[];
}

/** One operation on the gradient tape. */
export interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, {readonly id: number}>>;
  readonly outputs: readonly {readonly id: number}[];
  /** Kept for the backward pass. */
  readonly saved: readonly Tensor[];
}

/** The fields of tfjs's engine that we read, and the methods that we call. */
export interface EngineInternals {
  readonly state: {
    gradientDepth: number;
    readonly kernelDepth: number;
    activeTape: readonly TapeNode[] | null | undefined;
    readonly activeScope: EngineScope | null | undefined;
    readonly scopeStack: readonly EngineScope[];
    readonly tensorInfo: WeakMap<DataId, {readonly backend: KernelBackend}>;
  };
  /** The backends that are ready, by name. */
  readonly registry: Readonly<Record<string, KernelBackend>>;
  readonly backendInstance: KernelBackend | null | undefined;
  /** The active backend's; null or undefined until one is set. */
  readonly backendName: string | null | undefined;
  /** The id that no tensor has yet; each call gives another. */
  nextTensorId(): number;
  makeTensorFromTensorInfo(info: TensorInfo, backend?: KernelBackend): Tensor;
  setBackend(name: string): Promise<boolean>;
  /** Filters the tape, once `f` has run, by what `xs` holds then. */
  gradients(
    f: () => Tensor,
    xs: readonly {readonly id: number}[],
    dy: undefined,
    allowNoGradients: boolean,
  ): {value: Tensor; grads: (Tensor | null | undefined)[]};
  /** `inputs` are known by their ids; the gradient is the one that is registered for the kernel. */
  addTapeNode(
    kernelName: string,
    inputs: Readonly<Record<string, {readonly id: number; readonly shape: readonly number[]}>>,
    outputs: readonly Tensor[],
    gradient: null,
    saved: readonly Tensor[],
    attrs: object,
  ): void;
  /** Hands a tensor to the tidy in progress, if there is one. */
  track(tensor: Tensor): Tensor;
  startScope(name?: string): void;
  endScope(result?: Tensor): void;
}

export function engineInternals(): EngineInternals {
  return engine() as unknown as EngineInternals;
}

/** The map behind `registerKernel` and `getKernel`; its keys are `${backendName}_${kernelName}`. */
export type KernelRegistryMap = Map<string, KernelConfig>;

/** Finds the kernel registry, which every copy of tfjs-core in a realm shares. */
export function kernelRegistryMap(): KernelRegistryMap {
  const globals = (globalThis as {_tfGlobals?: Map<string, unknown>})._tfGlobals;
  const registry = globals?.get('kernelRegistry');
  if (!(registry instanceof Map)) {
    throw new Error(
      'withCapture: kernels must be in _tfGlobals, got none. Use TensorFlow.js 4.22.',
    );
  }
  return registry as KernelRegistryMap;
}

/** Whether operations run now are recorded on a gradient tape. */
export function tapeIsOn(): boolean {
  return engineInternals().state.gradientDepth > 0;
}

/** Whether a kernel runs now: what it has made is not the engine's yet. */
export const kernelIsRunning = (): boolean => engineInternals().state.kernelDepth > 0;

/** Ends `tf.keep`: the tensor joins the tidy in progress. */
export function handOver(tensor: Tensor): void {
  tensor.kept = false;
  engineInternals().track(tensor);
}

/** Runs operations that no gradient tape records. */
export function untaped<T>(fn: () => T): T {
  const {state} = engineInternals();
  const {gradientDepth} = state;
  state.gradientDepth = 0;
  try {
    return fn();
  } finally {
    state.gradientDepth = gradientDepth;
  }
}

/** Whether tfjs is computing gradients now: kernels that run then belong to no layer's forward pass. */
export function inBackwardPass(): boolean {
  const {activeTape, scopeStack} = engineInternals().state;
  return activeTape != null && scopeStack.some(({name}) => name === 'backward');
}

/**
 * The values of a tensor where they lie, without a copy, or null for backends that keep them out of
 * JavaScript's reach (WebGL, WebGPU).
 */
export function valuesInPlace(backend: KernelBackend, info: TensorInfo): Float32Array | null {
  if (info.dtype !== 'float32') return null;
  const values = arrayInPlace(backend, info);
  return values instanceof Float32Array ? values : null;
}

/** Whole numbers and truth values likewise, as a copy in single precision. */
export function wholeNumbersOf(backend: KernelBackend, info: TensorInfo): Float32Array | null {
  if (info.dtype !== 'int32' && info.dtype !== 'bool') return null;
  const values = arrayInPlace(backend, info);
  return ArrayBuffer.isView(values) ? Float32Array.from(values) : null;
}

function arrayInPlace(backend: KernelBackend, info: TensorInfo): TypedArray | undefined {
  const known = backend as unknown as {
    typedArrayFromHeap?: (info: TensorInfo) => TypedArray;
    data?: {get(dataId: DataId): {values?: TypedArray} | undefined};
  };
  return known.typedArrayFromHeap?.(info) ?? known.data?.get(info.dataId)?.values;
}

/** The memory in which the WASM backend keeps its tensors, or null for other backends. */
export function wasmMemoryOf(backend: KernelBackend): {readonly buffer: object} | null {
  const {wasm} = backend as unknown as {
    wasm?: {
      readonly asm?: {readonly memory?: {buffer: object}};
      readonly wasmMemory?: {buffer: object};
    };
  };
  return wasm?.wasmMemory ?? wasm?.asm?.memory ?? null;
}

/** How the WASM backend has bytes of that memory set aside. What grows it detaches every view of it. */
export interface WasmHeap {
  /** The address, as a signed integer; 0 if there is no room. */
  _malloc(bytes: number): number;
  _free(address: number): void;
}

export function wasmHeapOf(backend: KernelBackend): WasmHeap {
  return (backend as unknown as {wasm: WasmHeap}).wasm;
}

/** The backend that holds a live tensor's data. */
export function backendOf(tensor: Tensor): KernelBackend {
  const {state, backendInstance} = engineInternals();
  return (state.tensorInfo.get(tensor.dataId)?.backend ?? backendInstance) as KernelBackend;
}

/** Whether a value is a Tensor, of any copy of tfjs-core. */
export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
