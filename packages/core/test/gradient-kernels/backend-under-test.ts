/** A backend that lacks gradient kernels: WASM does, and a copy of the CPU backend is made to. */
import * as tf from '@tensorflow/tfjs-core';
import type {KernelBackend, KernelConfig} from '@tensorflow/tfjs-core';

export const GRADIENT_KERNELS = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'UnsortedSegmentSum',
];

export const UNDER_TEST = globalThis.TFJS_BACKEND === 'wasm' ? 'wasm' : 'bare-cpu';

/** Starts it, and makes it the active one. */
export async function startBackendUnderTest(): Promise<void> {
  quieten(tf.engine().findBackend('cpu'));
  if (UNDER_TEST === 'wasm') return;
  copyCpu(UNDER_TEST, (kernelName) => !GRADIENT_KERNELS.includes(kernelName));
  await tf.setBackend(UNDER_TEST);
}

/** Registers a copy of the CPU backend that has some of its kernels. */
export function copyCpu(backendName: string, has: (kernelName: string) => boolean): void {
  const make = tf.findBackendFactory('cpu') as () => KernelBackend;
  tf.registerBackend(backendName, () => quieten(make()));
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (has(kernel.kernelName)) tf.registerKernel({...kernel, backendName});
  }
}

export function removeCopy(backendName: string): void {
  tf.removeBackend(backendName);
  // Not of the copy's own: tfjs does not list the kernels of a name with an underscore.
  for (const {kernelName} of tf.getKernelsForBackend('cpu')) {
    const kernel = tf.getKernel(kernelName, backendName) as KernelConfig | undefined;
    if (kernel) tf.unregisterKernel(kernelName, backendName);
  }
}

/** Its first use would print an advertisement. */
const quieten = (cpu: KernelBackend): KernelBackend => Object.assign(cpu, {firstUse: false});

/** Everything in tfjs's two registries, in order. */
export function registryEntries(): [string, object][] {
  const globals = (globalThis as unknown as {_tfGlobals: Map<string, Map<string, object>>})
    ._tfGlobals;
  return ['kernelRegistry', 'gradRegistry'].flatMap((name) => [...globals.get(name)!]);
}

export interface Values {
  readonly shape: number[];
  readonly values: Float32Array | Int32Array;
}

/** Runs a kernel of any backend on values, and expects it to leave no data behind. */
export function runKernel(
  {kernelFunc, backendName}: KernelConfig,
  inputs: Readonly<Record<string, Values>>,
  attrs: object,
): Float32Array {
  const backend = tf.engine().findBackend(backendName);
  const infos = Object.fromEntries(
    Object.entries(inputs).map(([name, {shape, values}]) => {
      const dtype = values instanceof Int32Array ? ('int32' as const) : ('float32' as const);
      return [name, {dataId: backend.write(values, shape, dtype), shape, dtype}];
    }),
  );
  const before = backend.numDataIds();
  const result = kernelFunc({
    inputs: infos,
    attrs: attrs as tf.NamedAttrMap,
    backend,
  }) as tf.TensorInfo;
  expect(backend.numDataIds()).toBe(before + 1);
  const values = Float32Array.from(backend.readSync(result.dataId) as Float32Array);
  for (const {dataId} of [...Object.values(infos), result]) backend.disposeData(dataId);
  return values;
}

/** How far apart values are, relative to the norm of what is expected. */
export function distance(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(got.length).toBe(expected.length);
  const norm = (of: (i: number) => number) =>
    Math.sqrt(Array.from(expected).reduce((sum, _, i) => sum + of(i) ** 2, 0));
  const apart = norm((i) => got[i]! - expected[i]!);
  return apart === 0 ? 0 : apart / norm((i) => expected[i]!);
}
