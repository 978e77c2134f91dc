import {findBackendFactory} from '@tensorflow/tfjs-core';
import {CaptureError, wrongArgument} from '../errors.js';
import {addKernels, originalKernel} from '../kernel-registry.js';
import {CONV2D_FILTER_GRADIENT_PARTS, conv2dFilterGradient} from './conv2d-filter-gradient.js';

const CALLER = 'registerGradientKernels';

/**
 * Registers the gradient kernels that a backend lacks, made of kernels that it has. A kernel that is
 * present is never replaced.
 *
 * @param backend the backend's name, 'wasm'. It must be registered; it need not be active
 * @returns the undo; idempotent. What several calls have registered goes with the last undo
 *
 * @throws CaptureError if the backend lacks the kernels that these are made of, too
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
  const missing = CONV2D_FILTER_GRADIENT_PARTS.filter((name) => !originalKernel(name, backend));
  if (missing.length > 0) {
    throw new CaptureError(
      `${CALLER}: the backend must have the kernels that gradient kernels are made of, got '${backend}' ` +
        `without ${missing.join(', ')}. Import all of its kernels.`,
    );
  }
  return addKernels([conv2dFilterGradient(backend)]);
}
