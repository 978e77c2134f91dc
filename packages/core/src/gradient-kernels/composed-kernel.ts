/**
 * A kernel made of kernels that a backend has.
 *
 * How: their functions are called directly, so that nothing of it is on a tape, in a tidy or in a
 * profile, as nothing of a backend's own kernel is. What they make is disposed of as soon as the result is there.
 */
import type {
  KernelBackend,
  KernelConfig,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import {CaptureError} from '../errors.js';
import {originalKernel} from '../kernel-registry.js';

export type Attributes = Readonly<Record<string, unknown>>;

/** Runs a kernel of the backend's. What it gives belongs to the composition, which disposes of it in the end. */
export type RunKernel = (
  kernelName: string,
  inputs: NamedTensorInfoMap,
  attrs?: Attributes,
) => TensorInfo;

/** What a composed kernel computes. It returns the outcome of one of its runs. */
export type Composition<InputName extends string> = (
  run: RunKernel,
  inputs: Readonly<Record<InputName, TensorInfo>>,
  attrs: Attributes,
) => TensorInfo;

/** @returns an entry for the kernel registry */
export function composedKernel<InputName extends string>(
  kernelName: string,
  backendName: string,
  compose: Composition<InputName>,
): KernelConfig {
  return {
    kernelName,
    backendName,
    kernelFunc({inputs, attrs, backend}) {
      const made: TensorInfo[] = [];
      let result: TensorInfo | undefined;
      const run: RunKernel = (name, innerInputs, innerAttrs = {}) => {
        // Without interceptors around it: nobody sees what happens inside a kernel.
        const kernel = originalKernel(name, backendName);
        if (!kernel) {
          throw new CaptureError(
            `${kernelName}: it is made of the backend's kernel ${name}, which '${backendName}' no longer has. ` +
              'Undo registerGradientKernels before you unregister kernels.',
          );
        }
        const outcome = kernel.kernelFunc({
          inputs: innerInputs,
          attrs: innerAttrs as NamedAttrMap,
          backend,
        }) as TensorInfo;
        made.push(outcome);
        return outcome;
      };
      try {
        result = compose(run, inputs as Record<InputName, TensorInfo>, attrs ?? {});
        return result;
      } finally {
        for (const info of made) {
          if (info !== result) (backend as KernelBackend).disposeData(info.dataId);
        }
      }
    },
  };
}
