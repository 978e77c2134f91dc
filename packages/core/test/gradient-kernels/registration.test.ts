// What is registered, for how long, and what it leaves behind.
import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';

import type * as core from '@tfjs-capture/core';
import {CaptureArgumentError, CaptureError, registerGradientKernels} from '@tfjs-capture/core';
import {
  copyCpu,
  GRADIENT_KERNELS,
  registryEntries,
  removeCopy,
  startBackendUnderTest,
  UNDER_TEST,
} from './backend-under-test.js';

const warn = jest.spyOn(console, 'warn');

beforeAll(async () => {
  await startBackendUnderTest();
  warn.mockClear();
});
afterEach(() => {
  expect(warn).not.toHaveBeenCalled();
});

function expectRegistriesAsBefore(fn: () => void): void {
  const before = registryEntries();
  fn();
  const after = registryEntries();
  expect(after.map(([key]) => key)).toEqual(before.map(([key]) => key));
  after.forEach(([, entry], i) => expect(entry).toBe(before[i]![1]));
}

const present = (backendName = UNDER_TEST) =>
  GRADIENT_KERNELS.filter(
    (name) => (tf.getKernel(name, backendName) as KernelConfig | undefined) !== undefined,
  );
const hasGradient = () => (tf.getGradient('DepthToSpace') as unknown) !== undefined;

test('registers what is lacking, and takes it out again', () => {
  expectRegistriesAsBefore(() => {
    const before = registryEntries();
    const undo = registerGradientKernels(UNDER_TEST);
    const added = registryEntries().filter(([, entry]) => !before.some(([, old]) => old === entry));
    expect(added.map(([key]) => key)).toEqual([
      ...GRADIENT_KERNELS.map((name) => `${UNDER_TEST}_${name}`),
      'DepthToSpace',
    ]);
    undo();
    undo();
  });
});

test.each([
  ['in order', [0, 1]],
  ['in reverse order', [1, 0]],
])('goes with the last of several undos, %s', (_, order) => {
  expectRegistriesAsBefore(() => {
    const undos = [registerGradientKernels(UNDER_TEST), registerGradientKernels(UNDER_TEST)];
    const [first, last] = order.map((i) => undos[i]!);
    first!();
    first!();
    expect(present()).toEqual(GRADIENT_KERNELS);
    expect(hasGradient()).toBe(true);
    last!();
    expect(present()).toEqual([]);
  });
});

test('counts for another copy of this package, too', () => {
  expectRegistriesAsBefore(() => {
    const undo = registerGradientKernels(UNDER_TEST);
    let undoOther = (): void => {};
    jest.isolateModules(() => {
      // Another copy of ours; tfjs-core's registries hang on globalThis, so that it finds the same ones.
      jest.doMock('@tensorflow/tfjs-core', () => tf);
      const copy = jest.requireActual<typeof core>('@tfjs-capture/core');
      expect(copy.registerGradientKernels).not.toBe(registerGradientKernels);
      undoOther = copy.registerGradientKernels(UNDER_TEST);
    });
    undo();
    expect(present()).toEqual(GRADIENT_KERNELS);
    undoOther();
  });
});

test('leaves alone a kernel that is there', () => {
  const mine: KernelConfig = {
    kernelName: 'Conv2DBackpropFilter',
    backendName: UNDER_TEST,
    kernelFunc: () => [],
  };
  tf.registerKernel(mine);
  const gradient = {kernelName: 'DepthToSpace', gradFunc: () => ({})};
  tf.registerGradient(gradient);
  expectRegistriesAsBefore(() => {
    const undo = registerGradientKernels(UNDER_TEST);
    expect(tf.getKernel('Conv2DBackpropFilter', UNDER_TEST)).toBe(mine);
    expect(tf.getGradient('DepthToSpace')).toBe(gradient);
    expect(present()).toEqual(GRADIENT_KERNELS);
    undo();
  });
  tf.unregisterKernel('Conv2DBackpropFilter', UNDER_TEST);
  tf.unregisterGradient('DepthToSpace');
});

test('the undo leaves alone what somebody has replaced meanwhile', () => {
  const undo = registerGradientKernels(UNDER_TEST);
  // Made of ours, as tools do that wrap kernels: it must not be taken for ours.
  const theirs = {...tf.getKernel('Conv2DBackpropFilter', UNDER_TEST)};
  tf.unregisterKernel('Conv2DBackpropFilter', UNDER_TEST);
  tf.registerKernel(theirs);
  tf.unregisterKernel('UnsortedSegmentSum', UNDER_TEST);
  undo();
  expect(present()).toEqual(['Conv2DBackpropFilter']);
  expect(tf.getKernel('Conv2DBackpropFilter', UNDER_TEST)).toBe(theirs);
  const again = registerGradientKernels(UNDER_TEST);
  expect(tf.getKernel('Conv2DBackpropFilter', UNDER_TEST)).toBe(theirs);
  again();
  expect(present()).toEqual(['Conv2DBackpropFilter']);
  tf.unregisterKernel('Conv2DBackpropFilter', UNDER_TEST);
});

test('registers but the gradient of depthToSpace for a backend that lacks nothing', () => {
  expectRegistriesAsBefore(() => {
    const kernels = tf.getKernelsForBackend('cpu');
    const undo = registerGradientKernels('cpu');
    const [now, before] = [tf.getKernelsForBackend('cpu'), kernels];
    expect(now).toHaveLength(before.length);
    now.forEach((kernel, i) => expect(kernel).toBe(before[i]));
    expect(hasGradient()).toBe(true);
    undo();
  });
});

test('serves a backend that is neither active nor ready, whatever its name', async () => {
  copyCpu('my_own', (kernelName) => kernelName !== 'Conv2DBackpropFilter');
  const undo = registerGradientKernels('my_own');
  await tf.setBackend('my_own');
  const gradient = tf.tidy(() => {
    const conv = (filter: tf.Tensor) =>
      tf.conv2d(tf.ones<tf.Rank.R4>([1, 4, 4, 1]), filter as tf.Tensor4D, 2, 0);
    return tf
      .grad(conv)(tf.ones<tf.Rank>([2, 2, 1, 1]))
      .dataSync();
  });
  expect([...gradient]).toEqual([4, 4, 4, 4]);
  undo();
  expect(tf.getKernel('Conv2DBackpropFilter', 'my_own')).toBeUndefined();
  await tf.setBackend(UNDER_TEST);
  removeCopy('my_own');
});

test.each([
  [undefined, "takes a backend's name, got undefined. Pass 'wasm'."],
  [{}, "takes a backend's name, got an object of class Object. Pass 'wasm'."],
  ['wsam', "the backend must be registered, got 'wsam'. Import the backend's package first,"],
  ['', "the backend must be registered, got ''."],
])('refuses %s', (backend, message) => {
  expectRegistriesAsBefore(() => {
    const call = () => registerGradientKernels(backend as string);
    expect(call).toThrow(CaptureArgumentError);
    expect(call).toThrow(`registerGradientKernels: ${message}`);
  });
});

test('says which kernels a backend would have to have', () => {
  copyCpu('small', (kernelName) => ['Reshape', 'Fill', 'Sum'].includes(kernelName));
  expectRegistriesAsBefore(() => {
    const call = () => registerGradientKernels('small');
    expect(call).toThrow(CaptureError);
    expect(call).toThrow(/got 'small' without BatchMatMul, Conv2D, Transpose, Slice, /);
  });
  removeCopy('small');
});
