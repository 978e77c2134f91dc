// Scopes that are not transparent, each in its own way: the comparison must notice every one of them.
import {clone, engine, getKernel, keep, scalar} from '@tensorflow/tfjs-core';
import {digestValues} from './digest-values.mjs';
import {whenEnded} from './when-ended.mjs';
import {wrapKernels} from './wrap-kernels.mjs';

const KERNELS = ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'LeakyRelu', 'Prelu', 'Softmax'];

/** Holds what it records as tensors: the obvious way, which leak checks and tests that count tensors see. */
export function cloning(body, note) {
  const clones = [];
  const undo = wrapKernels(KERNELS, (kernel) => (params) => {
    note({kernel: kernel.kernelName});
    clones.push(keep(clone(params.inputs.x ?? params.inputs.logits)));
    return kernel.kernelFunc(params);
  });
  return whenEnded(body, () => {
    undo();
    for (const held of clones) held.dispose();
  });
}

/** Changes the sign of what activations return, and records that. */
export function altering(body, note) {
  const undo = wrapKernels(KERNELS, (kernel) => (params) => {
    const {inputs, backend} = params;
    const x = kernel.kernelFunc(params);
    const negative = getKernel('Neg', kernel.backendName).kernelFunc({inputs: {x}, backend});
    backend.disposeData(x.dataId);
    const digest = ({dataId}) => digestValues(backend.readSync(dataId));
    note({
      kernel: kernel.kernelName,
      pre: digest(inputs.x ?? inputs.logits),
      post: digest(negative),
    });
    return negative;
  });
  return whenEnded(body, undo);
}

/** Changes no test's result, but leaves a tensor, an engine scope, kernels and a method behind. */
export function lingering(body, note) {
  return whenEnded(body, () => {
    wrapKernels(KERNELS, (kernel) => (params) => {
      note({kernel: kernel.kernelName});
      return kernel.kernelFunc(params);
    });
    keep(scalar(1));
    engine().startScope('left open');
    const backend = engine().backend;
    const {numDataIds} = backend;
    backend.numDataIds = () => numDataIds.call(backend);
  });
}
