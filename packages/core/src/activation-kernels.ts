/**
 * Which kernels are activation functions, and what they are called.
 *
 * To add one, add its row here; nothing else names kernels. Names are tfjs's fused names, which are
 * also those of tfjs-layers' activation functions.
 */

/** Kernels that are an activation function of their input `x` (`logits` for the softmaxes). */
export const ACTIVATION_OF_KERNEL: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Selu: 'selu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Softmax: 'softmax',
  LogSoftmax: 'logSoftmax',
  LeakyRelu: 'leakyrelu',
  Prelu: 'prelu',
};

/** Kernels that compute something linear and apply `attrs.activation` to it. */
export const FUSED_KERNELS: readonly string[] = [
  'FusedConv2D',
  'FusedDepthwiseConv2D',
  '_FusedMatMul',
];

/** The kernel that computes an activation by itself. */
export const KERNEL_OF_ACTIVATION: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ACTIVATION_OF_KERNEL).map(([kernel, activation]) => [activation, kernel]),
);

/** The kernel to which an activation function of tfjs-layers comes down; 'composed' if there is none. */
export const kernelOfFunction = (name: string): string =>
  (/^(relu6|logSoftmax)$/.test(name) ? null : KERNEL_OF_ACTIVATION[name]) ?? 'composed';

/** Every kernel that a recording scope intercepts. */
export const INTERCEPTED_KERNELS: readonly string[] = [
  ...Object.keys(ACTIVATION_OF_KERNEL),
  ...FUSED_KERNELS,
];
