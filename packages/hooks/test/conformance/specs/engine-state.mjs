// What TensorFlow.js is left with, as far as a test or an app could tell.
import {engine} from '@tensorflow/tfjs-core';
import {replacedMethods} from './replaced-methods.mjs';
import {replacedKernels} from './replaced-kernels.mjs';

/** Plain data, so that two processes can compare theirs. */
export function readEngineState() {
  const {state, registry, backendName, registeredVariables} = engine();
  const backends = Object.entries(registry).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    tensors: state.numTensors,
    dataBuffers: state.numDataBuffers,
    stringTensors: state.numStringTensors,
    bytes: state.numBytes,
    variables: Object.keys(state.registeredVariables ?? registeredVariables ?? {}).length,
    dataIds: Object.fromEntries(backends.map(([name, backend]) => [name, countDataIds(backend)])),
    backend: backendName,
    scopeDepth: state.scopeStack.length,
    gradientDepth: state.gradientDepth,
    kernelDepth: state.kernelDepth,
    taping: Boolean(state.activeTape),
    profiling: state.profiling,
    kernels: replacedKernels(),
    methods: replacedMethods([engine(), ...backends.map(([, backend]) => backend)]),
  };
}

/** Tests register backends of their own, which need not know how to count. */
function countDataIds(backend) {
  try {
    return backend.numDataIds();
  } catch (error) {
    return String(error.message);
  }
}
