// Sees the activations of a test by a route that owes nothing to our sources, at the moment when they happen.
// What a scope holds at the end of the test's body must be just that.
import {engine} from '@tensorflow/tfjs-core';
import {digestValues} from './digest-values.mjs';
import {whenEnded} from './when-ended.mjs';
import {wrapKernels} from './wrap-kernels.mjs';

const ALONE = [
  'Relu',
  'Relu6',
  'Elu',
  'Selu',
  'Sigmoid',
  'Tanh',
  'Softplus',
  'Softmax',
  'LeakyRelu',
  'Prelu',
];
const FUSED = ['FusedConv2D', 'FusedDepthwiseConv2D', '_FusedMatMul'];

/** Runs the test as it is, and notes every activation of its forward passes. */
export function witness(body, note) {
  const undo = wrapKernels([...ALONE, ...FUSED], (kernel) => (params) => {
    const {inputs, attrs, backend} = params;
    const {kernelName} = kernel;
    const result = kernel.kernelFunc(params);
    const alone = ALONE.includes(kernelName);
    if ((alone || isActivation(attrs.activation)) && !inBackwardPass()) {
      const digest = ({dataId}) => digestValues(backend.readSync(dataId));
      // A fused kernel keeps its pre-activation to itself.
      const pre = alone ? digest(inputs.x ?? inputs.logits) : null;
      note({kernel: kernelName, pre, post: digest(result)});
    }
    return result;
  });
  return whenEnded(body, undo);
}

const isActivation = (name) => name !== undefined && name !== null && name !== 'linear';

/** What computes a gradient is no forward pass, even where it uses an activation's kernel. */
const inBackwardPass = () => engine().state.scopeStack.some(({name}) => name === 'backward');
