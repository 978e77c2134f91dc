/**
 * The gradient kernels that a backend lacks.
 *
 * How: each is composed of kernels that the backend has, and registered where the key is absent. What
 * is registered costs nothing until a gradient is computed.
 */
import {
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  DepthToSpace,
  findBackendFactory,
  getGradient,
  registerGradient,
  unregisterGradient,
  UnsortedSegmentSum,
} from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';
import {addAbsent} from '../absent-entries.js';
import {CaptureError, wrongArgument} from '../errors.js';
import {addKernels, originalKernel} from '../kernel-registry.js';
import {conv2dFilterGradientParts, conv2dFilterGradient} from './conv2d-filter-gradient.js';
import {depthToSpaceGradient} from './depth-to-space-gradient.js';
import {
  depthwiseFilterGradientParts,
  depthwiseFilterGradient,
} from './depthwise-filter-gradient.js';
import {depthwiseInputGradientParts, depthwiseInputGradient} from './depthwise-input-gradient.js';
import {unsortedSegmentSumParts, unsortedSegmentSum} from './unsorted-segment-sum.js';

const CALLER = 'registerGradientKernels';

interface Recipe {
  readonly kernelName: string;
  readonly parts: readonly string[];
  readonly make: (backendName: string) => KernelConfig;
}

const recipes = (): Recipe[] => [
  {
    kernelName: Conv2DBackpropFilter,
    parts: conv2dFilterGradientParts(),
    make: conv2dFilterGradient,
  },
  {
    kernelName: DepthwiseConv2dNativeBackpropFilter,
    parts: depthwiseFilterGradientParts(),
    make: depthwiseFilterGradient,
  },
  {
    kernelName: DepthwiseConv2dNativeBackpropInput,
    parts: depthwiseInputGradientParts(),
    make: depthwiseInputGradient,
  },
  {
    kernelName: UnsortedSegmentSum,
    parts: unsortedSegmentSumParts(),
    make: unsortedSegmentSum,
  },
];

/** tfjs's registry of gradients, which are the same for all backends. Read when used: a script may load before tfjs. */
const gradients = {
  get: (kernelName: string) =>
    getGradient(kernelName) as ReturnType<typeof getGradient> | undefined,
  set: (_kernelName: string, gradient: ReturnType<typeof getGradient>) => {
    registerGradient(gradient);
  },
  delete: (kernelName: string) => {
    unregisterGradient(kernelName);
  },
};

/**
 * Registers the gradient kernels that a backend lacks, so that models with convolutions or embeddings can be
 * trained on it, and tf.grad goes through them. The WASM backend lacks those for the filters of conv2d and
 * depthwiseConv2d, for the input of depthwiseConv2d, and for gather; tfjs as a whole the gradient of depthToSpace.
 *
 * Each is composed of kernels that the backend has. One that the backend has itself, or that somebody else has
 * registered, is never replaced: with a version of tfjs that lacks nothing this does nothing.
 *
 * @param backend the backend's name, 'wasm'. It must be registered; it need not be active, or ready
 * @returns the undo; idempotent. What several callers have registered goes with the last undo, and what
 *   somebody has replaced meanwhile stays
 * @throws CaptureError if no such backend is registered, or if it lacks kernels that these are composed of
 *
 * @example
 * const undo = registerGradientKernels('wasm');
 * await model.fit(x, y);
 * undo();
 */
export function registerGradientKernels(backend: string): () => void {
  if (typeof backend !== 'string') {
    throw wrongArgument(CALLER, "takes a backend's name", backend, "Pass 'wasm'.");
  }
  // Typed as a factory, but null for what is unknown.
  if ((findBackendFactory(backend) as unknown) == null) {
    const remedy = "Import the backend's package first, or pass what tf.getBackend() gives.";
    throw wrongArgument(CALLER, 'the backend must be registered', backend, remedy);
  }
  const all = recipes();
  checkParts(backend, all);
  const undoKernels = addKernels(all.map(({make}) => make(backend)));
  const undoGradients = addAbsent(gradients, [[DepthToSpace, depthToSpaceGradient()]]);
  return () => {
    undoKernels();
    undoGradients();
  };
}

function checkParts(backend: string, all: readonly Recipe[]): void {
  const lacks = (kernelName: string) => originalKernel(kernelName, backend) === undefined;
  const parts = all.filter(({kernelName}) => lacks(kernelName)).flatMap((recipe) => recipe.parts);
  const missing = [...new Set(parts)].filter(lacks);
  if (missing.length > 0) {
    throw new CaptureError(
      `${CALLER}: the backend must have the kernels that gradients are composed of, got '${backend}' ` +
        `without ${missing.join(', ')}. Register them, or import the backend's whole package.`,
    );
  }
}
