// The composed kernels give what the CPU backend's own kernels give.
import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig, NamedAttrMap} from '@tensorflow/tfjs-core';

import {registerGradientKernels} from '@tfjs-capture/core';
import {randomConvolution, randomNumbers} from './random-convolutions.js';

/** The backend under test, which lacks these kernels: WASM does, and a copy of the CPU backend is made to. */
const backendName = globalThis.TFJS_BACKEND === 'wasm' ? 'wasm' : 'bare-cpu';
if (backendName === 'bare-cpu') {
  tf.registerBackend(backendName, tf.findBackendFactory('cpu'));
  tf.copyRegisteredKernels('cpu', backendName);
  for (const {kernelName} of tf.getKernelsForBackend(backendName)) {
    if (kernelName.includes('Backprop')) tf.unregisterKernel(kernelName, backendName);
  }
}
registerGradientKernels(backendName);

type Values = Float32Array;

/** Runs a kernel of any backend on values, and gives values. */
function runKernel(
  {kernelFunc, backendName}: KernelConfig,
  inputs: Record<string, {shape: number[]; values: Values}>,
  attrs: NamedAttrMap,
): Values {
  const backend = tf.engine().findBackend(backendName);
  const infos = Object.fromEntries(
    Object.entries(inputs).map(([name, {shape, values}]) => [
      name,
      {dataId: backend.write(values, shape, 'float32'), shape, dtype: 'float32' as const},
    ]),
  );
  const before = backend.numDataIds();
  const result = kernelFunc({inputs: infos, attrs, backend}) as tf.TensorInfo;
  expect(backend.numDataIds()).toBe(before + 1);
  const values = Float32Array.from(backend.readSync(result.dataId) as Values);
  for (const {dataId} of [...Object.values(infos), result]) backend.disposeData(dataId);
  return values;
}

const size = (shape: number[]) => shape.reduce((product, dimension) => product * dimension, 1);
const normal = (random: () => number, shape: number[]) => ({
  shape,
  values: Float32Array.from({length: size(shape)}, () => 2 * random() - 1),
});

/** The distance relative to the norm of what is expected. */
function distance(got: Values, expected: Values): number {
  expect(got.length).toBe(expected.length);
  const norm = (of: (i: number) => number) =>
    Math.sqrt(expected.reduce((sum, _, i) => sum + of(i) ** 2, 0));
  const apart = norm((i) => got[i]! - expected[i]!);
  return apart === 0 ? 0 : apart / norm((i) => expected[i]!);
}

test.each([
  ['NHWC', false],
  ['NCHW', true],
])('the filter gradient of random convolutions, %s', (_, channelsFirst) => {
  const random = randomNumbers(channelsFirst ? 2 : 1);
  const ours = tf.getKernel('Conv2DBackpropFilter', backendName);
  const theirs = tf.getKernel('Conv2DBackpropFilter', 'cpu');
  for (let i = 0; i < 250; i++) {
    const {inputShape, outputShape, attrs} = randomConvolution(random, {
      isDepthwise: false,
      channelsFirst,
    });
    const inputs = {x: normal(random, inputShape), dy: normal(random, outputShape)};
    const apart = distance(runKernel(ours, inputs, attrs), runKernel(theirs, inputs, attrs));
    if (!(apart < 1e-5)) throw new Error(`${apart} on ${JSON.stringify(attrs)}`);
  }
});
