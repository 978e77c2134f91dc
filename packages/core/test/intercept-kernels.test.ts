import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';

import {interceptKernels} from '@tfjs-capture/core';

const entries = (): [string, KernelConfig][] => [
  ...((
    globalThis as unknown as {_tfGlobals: Map<string, Map<string, KernelConfig>>}
  )._tfGlobals.get('kernelRegistry') as Map<string, KernelConfig>),
];
const input = tf.tensor1d([-1, 2]);

function expectRegistryAsBefore(fn: () => void): void {
  const before = entries();
  fn();
  const after = entries();
  expect(after.map(([key]) => key)).toEqual(before.map(([key]) => key));
  after.forEach(([, kernel], i) => expect(kernel).toBe(before[i]?.[1]));
}

test('runs in place of a kernel, until undone', () => {
  expectRegistryAsBefore(() => {
    const seen: (number[] | undefined)[] = [];
    const undo = interceptKernels(['Relu', 'NoSuchKernel'], (params, kernel) => {
      seen.push(params.inputs.x?.shape);
      return kernel.kernelFunc(params);
    });
    expect(tf.relu(input).dataSync()).toEqual(new Float32Array([0, 2]));
    undo();
    undo();
    tf.relu(input);
    expect(seen).toEqual([[2]]);
  });
});

test('may change what goes in and what comes out', () => {
  const undo = interceptKernels(['Relu'], ({inputs, attrs, backend}) => {
    const elu = tf.getKernel('Elu', tf.getBackend());
    return elu.kernelFunc({inputs, ...(attrs && {attrs}), backend});
  });
  expect(tf.relu(input).dataSync()).toEqual(tf.elu(input).dataSync());
  undo();
});

test('keeps setup and disposal functions, and the order of the registry', () => {
  const name = tf.getBackend();
  const original = tf.getKernel('Relu', name);
  const undo = interceptKernels(['Relu'], (params, kernel) => kernel.kernelFunc(params));
  const wrapped = tf.getKernel('Relu', name);
  expect(wrapped).not.toBe(original);
  expect(wrapped).toMatchObject({
    kernelName: 'Relu',
    backendName: name,
    ...(original.setupFunc && {setupFunc: original.setupFunc}),
  });
  undo();
  expect(tf.getKernel('Relu', name)).toBe(original);
});

test('interceptions stack, and may be undone in any order', () => {
  const log: string[] = [];
  const logging = (name: string) =>
    interceptKernels(['Relu'], (params, kernel) => {
      log.push(name);
      return kernel.kernelFunc(params);
    });
  expectRegistryAsBefore(() => {
    const [inner, outer] = [logging('inner'), logging('outer')];
    tf.relu(input);
    inner();
    tf.relu(input);
    outer();
    tf.relu(input);
    expect(log).toEqual(['outer', 'inner', 'outer']);
  });
  expectRegistryAsBefore(() => {
    const [inner, outer] = [logging('inner'), logging('outer')];
    outer();
    inner();
  });
});

test('an interceptor that throws lets its error through and stays usable', () => {
  const error = new Error('mine');
  let fail = true;
  let calls = 0;
  const undo = interceptKernels(['Relu'], (params, kernel) => {
    calls++;
    if (fail) throw error;
    return kernel.kernelFunc(params);
  });
  expect(() => tf.relu(input)).toThrow(error);
  fail = false;
  tf.relu(input);
  expect(calls).toBe(2);
  undo();
});

test('covers a backend that is set later', async () => {
  const first = tf.getBackend();
  let calls = 0;
  const undo = interceptKernels(['Relu'], (params, kernel) => (calls++, kernel.kernelFunc(params)));
  tf.registerBackend('later', () =>
    Object.assign(tf.findBackendFactory('cpu')() as tf.KernelBackend, {firstUse: false}),
  );
  // Copies our wrappers: one around the other they intercept once, and go inert together.
  tf.copyRegisteredKernels('cpu', 'later');
  await tf.setBackend('later');
  tf.relu(tf.tensor1d([1]));
  expect(calls).toBe(1);
  undo();
  tf.relu(tf.tensor1d([1]));
  expect(calls).toBe(1);
  await tf.setBackend(first);
  tf.removeBackend('later');
  for (const {kernelName} of tf.getKernelsForBackend('later'))
    tf.unregisterKernel(kernelName, 'later');
});
