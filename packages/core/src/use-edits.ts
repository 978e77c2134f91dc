/**
 * Applies edits where values are computed.
 *
 * Fused kernels are edited between their two steps, inside the kernel: with a tape on tfjs fuses nothing
 * that has an activation. All other activations are edited where a tape sees it: kernels that run alone
 * around the engine's `runKernel`, composed functions around the function, layers around their `call`.
 */
import {tidy} from '@tensorflow/tfjs-core';
import type {KernelBackend, KernelConfig, Tensor, TensorContainer} from '@tensorflow/tfjs-core';
import {ACTIVATION_OF_KERNEL} from './activation-kernels.js';
import {recordActivation, runActivation} from './activation-site.js';
import type {Editing, PlannedEdit} from './editing.js';
import {applyEdits, editsDue, layouts} from './edits.js';
import type {DueEdit, Layout} from './edits.js';
import type {KernelParams} from './kernel-registry.js';
import {firstTensor} from './layer-call.js';
import {methodNamed, swapMethods} from './method-swaps.js';
import type {MethodSwaps} from './method-swaps.js';
import {callsWanted, recordFused, writeDown} from './record-kernel.js';
import type {CapturedCall} from './captured-call.js';
import {noteTensor} from './retained-data.js';
import {runtime} from './runtime.js';
import {activeScope} from './scope.js';
import type {CaptureScope} from './scope.js';
import {aloneOf, runActivationOf, runAlone, runLinear} from './split-fused-kernel.js';
import {engineInternals} from './tfjs-internals.js';

/** How a layer's activation lies in its output, given what the layer is called with. */
export type LayoutOf = (layer: object, inputs: unknown) => Layout | null;

/** Of this copy of the package. */
let kernels: MethodSwaps | undefined;
/** Edits of the scopes that are open. */
let opened: PlannedEdit[] = [];

/** Makes of edits what a scope needs to apply them. */
export function editingOf(edits: readonly PlannedEdit[], layoutOf: LayoutOf): Editing {
  return {
    edits,
    editsOutputs: edits.some(({kind}) => kind === 'output'),
    install() {
      if (kernels === undefined) {
        kernels = editKernels();
        runtime().companions.push({name: 'edits', install: () => undefined, uninstall});
      }
      kernels.install();
      opened.push(...edits);
    },
    runActivation(scope, activation, kernel, pre, run) {
      const due = editsDue(scope, activation, kernel);
      const wanted = callsWanted(scope, activation, kernel);
      if (due.length === 0) return recordActivation(wanted, pre, run);
      type Post = ReturnType<typeof run>;
      return tidy(() =>
        recordActivation(
          wanted,
          applyEdits(due, 'pre', pre),
          (edited) => applyEdits(due, 'post', run(edited)) as Post,
        ),
      );
    },
    runFused(scope, activation, params, kernel) {
      const due = editsDue(scope, activation, kernel.kernelName);
      const wanted = callsWanted(scope, activation, kernel.kernelName);
      if (due.length > 0) return editFused(params, kernel, wanted, due);
      return wanted ? recordFused(params, kernel, wanted) : kernel.kernelFunc(params);
    },
    runLayer(scope, layer, inputs, run) {
      const layout = layoutOf(layer, inputs);
      for (let outer: CaptureScope | null = scope; outer; outer = outer.parent) {
        if (outer.frame) layouts.set(outer.frame, layout);
      }
      const due = editsDue(scope, null, null);
      if (due.length === 0 || scope.frame?.reentries) return run();
      return editLayer(due, run);
    },
    editOutput(scope, output) {
      const due = editsDue(scope, null, null);
      return due.length === 0 ? output : tidy(() => applyEdits(due, 'output', output));
    },
  };
}

function uninstall(): void {
  kernels?.uninstall();
  const unused = [...new Set(opened)]
    .filter(({isUsed}) => !isUsed)
    .map(({label, kind}) => `${kind} of '${label}'`);
  opened = [];
  if (unused.length === 0) return;
  const {console} = globalThis as unknown as {console: {warn(message: string): void}};
  console.warn(
    `withCapture: edits met no hook point, got ${unused.join(', ')}. Names are in capture.names(); ` +
      "a layer without an activation has an 'output' alone.",
  );
}

function editKernels(): MethodSwaps {
  const swaps = swapMethods(methodNamed<RunKernel>('runKernel'), (original) => {
    return function runKernel(kernelName, inputs, attrs) {
      const activation = ACTIVATION_OF_KERNEL[kernelName];
      // Most kernels are no activations: those need not ask for the scope.
      const scope = activation === undefined ? null : activeScope();
      if (activation === undefined || !scope?.editing) {
        return original.call(this, kernelName, inputs, attrs);
      }
      const input = inputs.x ? 'x' : 'logits';
      return runActivation(scope, activation, kernelName, inputs[input] as Tensor, (pre) =>
        original.call(this, kernelName, {...inputs, [input]: pre}, attrs),
      );
    };
  });
  swaps.add(engineInternals());
  return swaps;
}

type RunKernel = (
  this: unknown,
  kernelName: string,
  inputs: Readonly<Record<string, Tensor>>,
  attrs?: unknown,
) => Tensor;

function editFused(
  params: KernelParams,
  kernel: KernelConfig,
  wanted: CapturedCall | null,
  due: readonly DueEdit[],
): Tensor {
  const backend = params.backend as KernelBackend;
  const engine = engineInternals();
  return tidy(() => {
    const linear = engine.makeTensorFromTensorInfo(runLinear(params, kernel), backend);
    const pre = applyEdits(due, 'pre', linear);
    const alone = pre === linear ? undefined : aloneOf(params, kernel);
    // What no edit has changed gives what the fused kernel gives, NaN included.
    const activated = alone
      ? runAlone(alone, pre, params)
      : runActivationOf(linear, params, kernel);
    const post = engine.makeTensorFromTensorInfo(activated, backend);
    const edited = applyEdits(due, 'post', post);
    writeDown(wanted, noteTensor(pre, backend, null), edited, backend, null);
    return edited;
  });
}

function editLayer<T>(due: readonly DueEdit[], run: () => T): T {
  return tidy(() => {
    const output: unknown = run();
    const first = firstTensor(output);
    if (first === null) return output as TensorContainer;
    const edited = applyEdits(due, 'output', first);
    return Array.isArray(output) ? [edited, ...(output.slice(1) as Tensor[])] : edited;
  }) as T;
}
