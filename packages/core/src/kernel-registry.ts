/**
 * The one place that touches tfjs's kernel registry.
 *
 * How: an intercepted kernel's entry is swapped for a wrapper that is made once per original and
 * kept, so that installing is a handful of Map stores. Why not `registerKernel`: it warns on a key
 * that is present, and to unregister first would change the registry's order.
 */
import type {KernelConfig, TensorInfo} from '@tensorflow/tfjs-core';
import {watchBackends} from './backend-watch.js';
import {engineInternals, kernelRegistryMap} from './tfjs-internals.js';
import type {KernelRegistryMap} from './tfjs-internals.js';

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

/** One registry key that is intercepted: what stood there, and what we put there. */
interface Slot {
  readonly key: string;
  original: KernelConfig;
  wrapper: KernelWrapper;
}

/** The slots of one backend, and how large the registry was when they were found. */
interface BackendSlots {
  slots: Slot[];
  registrySize: number;
}

/**
 * A prepared interception: made once, installed and undone as often as needed.
 *
 * The engine runs the kernels of the active backend alone, so these are wrapped when the interception
 * is installed, and those of another backend when that is set.
 */
export class KernelInterception {
  private readonly names: ReadonlySet<string>;
  private readonly backends = new Map<string, BackendSlots>();
  private readonly installed: BackendSlots[] = [];
  private active = false;
  /** The kernel that the interceptor runs for now: a wrapper of ours further down stays quiet. */
  private handling: string | null = null;

  constructor(
    names: readonly string[],
    private readonly interceptor: KernelInterceptor,
  ) {
    this.names = new Set(names);
  }

  /** Wraps the active backend's kernels; called again, wraps what is new. */
  install(): void {
    this.active = true;
    const {backendName} = engineInternals();
    if (!backendName) return; // none yet: it will be set before the first kernel runs
    const registry = kernelRegistryMap();
    const found = this.slotsOf(backendName, registry);
    if (!this.installed.includes(found)) this.installed.push(found);
    for (const slot of found.slots) {
      const kernel = registry.get(slot.key);
      if (kernel === slot.wrapper) continue;
      if (kernel === undefined) {
        found.registrySize = -1; // somebody unregistered it: look again next time
        continue;
      }
      if (kernel !== slot.original) {
        slot.original = kernel;
        slot.wrapper = this.wrap(kernel);
      }
      registry.set(slot.key, slot.wrapper);
    }
  }

  /** Puts the originals back, where the entry is still our wrapper. */
  uninstall(): void {
    this.active = false;
    const registry = kernelRegistryMap();
    for (const {slots} of this.installed) {
      for (const {key, original, wrapper} of slots) {
        // An entry that is not our own wrapper is somebody else's, who may have wrapped ours: it stays.
        if (registry.get(key) === wrapper) registry.set(key, withoutUndone(original));
      }
    }
    this.installed.length = 0;
  }

  private slotsOf(backendName: string, registry: KernelRegistryMap): BackendSlots {
    let found = this.backends.get(backendName);
    if (found?.registrySize === registry.size) return found;
    if (found === undefined) {
      found = {slots: [], registrySize: -1};
      this.backends.set(backendName, found);
    }
    const known = new Map(found.slots.map((slot) => [slot.key, slot]));
    found.slots = [];
    found.registrySize = registry.size;
    for (const name of this.names) {
      const key = `${backendName}_${name}`;
      const kernel = registry.get(key);
      if (kernel === undefined) continue;
      found.slots.push(known.get(key) ?? {key, original: kernel, wrapper: this.wrap(kernel)});
    }
    return found;
  }

  private wrap(kernel: KernelConfig): KernelWrapper {
    // Setup and disposal stay the original's, since a backend may become ready while we are here.
    const wrapper = {...kernel, kernelFunc: (params: KernelParams) => this.run(params, kernel)};
    const wrapping: Wrapping = {original: kernel, isActive: () => this.active};
    return Object.defineProperty(wrapper, WRAPPER, {value: wrapping}) as KernelWrapper;
  }

  private run(params: KernelParams, kernel: KernelConfig): KernelResult {
    if (!this.active || this.handling === kernel.kernelName) return kernel.kernelFunc(params);
    const outer = this.handling;
    this.handling = kernel.kernelName;
    try {
      return this.interceptor(params, kernel);
    } finally {
      this.handling = outer;
    }
  }
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
  const interception = new KernelInterception(names, interceptor);
  const watch = watchBackends(() => {
    interception.install();
  });
  interception.install();
  watch.start();
  return () => {
    watch.stop();
    interception.uninstall();
  };
}
