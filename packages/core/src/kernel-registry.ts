/**
 * The one place that touches tfjs's kernel registry.
 *
 * How: an intercepted kernel's entry is swapped for a wrapper that is made once per original and
 * kept, so that installing is a handful of Map stores. Why not `registerKernel`: it warns on a key
 * that is present, and to unregister first would change the registry's order.
 */
import type {KernelConfig, TensorInfo} from '@tensorflow/tfjs-core';
import {addAbsent} from './absent-entries.js';
import {watchBackends} from './backend-watch.js';
import {engineInternals, kernelRegistryMap} from './tfjs-internals.js';

/** What a kernel is called with. `inputs` and `backend` belong to the engine. */
export type KernelParams = Parameters<KernelConfig['kernelFunc']>[0];
export type KernelResult = TensorInfo | TensorInfo[];

/**
 * Runs in place of a kernel. Call `kernel.kernelFunc(params)` to run the kernel itself, with the same
 * parameters or others; what you return is what the engine gets.
 */
export type KernelInterceptor = (params: KernelParams, kernel: KernelConfig) => KernelResult;

/**
 * On a wrapper: what it stands for. Any copy of this package recognises it. Not enumerable, so that
 * somebody's copy of a wrapper (`{...kernel, kernelFunc}`) is not taken for one.
 */
const WRAPPER = Symbol.for('@tfjs-capture/kernel-wrapper');
interface Wrapping {
  readonly original: KernelConfig;
  /** False once its interception is undone: the wrapper then only passes through. */
  isActive(): boolean;
}
type KernelWrapper = KernelConfig & {readonly [WRAPPER]: Wrapping};

const wrappingOf = (kernel: KernelConfig): Wrapping | undefined =>
  (kernel as Partial<KernelWrapper>)[WRAPPER];

/**
 * The kernel that is registered for a backend, without any wrapper of ours around it.
 *
 * @param kernelName the kernel's name, 'Relu'
 * @param backendName the backend's name, 'wasm'
 * @returns the entry, or undefined if the backend has no such kernel
 */
export function originalKernel(kernelName: string, backendName: string): KernelConfig | undefined {
  let kernel = kernelRegistryMap().get(keyOf(kernelName, backendName));
  for (let wrapping; kernel && (wrapping = wrappingOf(kernel));) kernel = wrapping.original;
  return kernel;
}

const keys = new Map<string, Record<string, string>>();

/** The registry's key, remembered: a string made anew would have to be hashed anew. */
function keyOf(kernelName: string, backendName: string): string {
  let known = keys.get(backendName);
  if (known === undefined) keys.set(backendName, (known = {}));
  return (known[kernelName] ??= `${backendName}_${kernelName}`);
}

/** One registry key that is intercepted: what stood there when we last looked, and what we put there. */
interface Slot {
  readonly key: string;
  original?: KernelConfig;
  wrapper?: KernelWrapper;
}

/**
 * A prepared interception: made once, installed and undone as often as needed.
 *
 * The engine runs the kernels of the active backend alone, so these are wrapped when the interception
 * is installed, and those of another backend when that is set.
 */
export interface KernelInterception {
  /** Wraps the active backend's kernels; called again, wraps what is new. */
  readonly install: () => void;
  /** Puts the originals back, where the entry is still our wrapper. */
  uninstall(): void;
}

export function prepareInterception(
  names: readonly string[],
  interceptor: KernelInterceptor,
): KernelInterception {
  /** By backend; kept, so that a wrapper is made once per original. */
  const slots = new Map<string, Slot[]>();
  let isInstalled = false;
  /** The kernel that the interceptor runs for now: a wrapper of ours further down stays quiet. */
  let handling: string | null = null;

  function wrap(original: KernelConfig): KernelWrapper {
    const {kernelName} = original;
    // Setup and disposal stay the original's, since a backend may become ready while we are here.
    const wrapper: KernelConfig = {
      ...original,
      kernelFunc(params) {
        if (!isInstalled || handling === kernelName) return original.kernelFunc(params);
        const outer = handling;
        handling = kernelName;
        try {
          return interceptor(params, original);
        } finally {
          handling = outer;
        }
      },
    };
    const wrapping: Wrapping = {original, isActive: () => isInstalled};
    return Object.defineProperty(wrapper, WRAPPER, {value: wrapping}) as KernelWrapper;
  }

  return {
    install() {
      isInstalled = true;
      // A scope that opens inside an edit opens inside a kernel, and sees that kernel too.
      handling = null;
      const {backendName} = engineInternals();
      if (!backendName) return; // none yet: it will be set before the first kernel runs
      let ofBackend = slots.get(backendName);
      if (!ofBackend) {
        ofBackend = names.map((name) => ({key: keyOf(name, backendName)}));
        slots.set(backendName, ofBackend);
      }
      const registry = kernelRegistryMap();
      for (const slot of ofBackend) {
        const kernel = registry.get(slot.key);
        if (!kernel || kernel === slot.wrapper) continue;
        if (kernel !== slot.original) {
          slot.original = kernel;
          slot.wrapper = wrap(kernel);
        }
        registry.set(slot.key, slot.wrapper as KernelWrapper);
      }
    },
    uninstall() {
      isInstalled = false;
      const registry = kernelRegistryMap();
      for (const ofBackend of slots.values()) {
        for (const {key, original, wrapper} of ofBackend) {
          // An entry that is not our own wrapper is somebody else's, who may have wrapped ours: it stays.
          if (original && registry.get(key) === wrapper) registry.set(key, withoutUndone(original));
        }
      }
    },
  };
}

/** What stands under wrappers whose interceptions have been undone meanwhile. */
function withoutUndone(kernel: KernelConfig): KernelConfig {
  const wrapping = wrappingOf(kernel);
  return wrapping && !wrapping.isActive() ? withoutUndone(wrapping.original) : kernel;
}

/**
 * Runs `interceptor` in place of the named kernels, on every backend, until undone.
 *
 * Backends that are set while the interception lasts are covered when they are set. A wrapper that
 * somebody else registers on top meanwhile is left in place.
 *
 * @param names kernel names, ['Relu', 'FusedConv2D']
 * @param interceptor runs instead of the kernel
 * @returns the undo; idempotent. The registry then holds the very objects that it held before
 *
 * @example
 * const undo = interceptKernels(['Relu'], (params, kernel) => {
 *   console.log(params.inputs.x?.shape);
 *   return kernel.kernelFunc(params);
 * });
 * undo();
 */
export function interceptKernels(
  names: readonly string[],
  interceptor: KernelInterceptor,
): () => void {
  const interception = prepareInterception(names, interceptor);
  const watch = watchBackends(interception.install);
  interception.install();
  watch.install();
  return () => {
    watch.uninstall();
    interception.uninstall();
  };
}

/**
 * Registers the kernels that their backends lack. One that is present is never replaced.
 *
 * @returns the undo; idempotent. What several have added goes with the last undo, unless somebody has replaced it
 */
export function addKernels(kernels: readonly KernelConfig[]): () => void {
  return addAbsent(
    kernelRegistryMap(),
    kernels.map((kernel) => [keyOf(kernel.kernelName, kernel.backendName), kernel] as const),
  );
}
