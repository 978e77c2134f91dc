// Gradients leave nothing in memory, as tfjs counts it and as the WASM backend has it.
import * as tf from '@tensorflow/tfjs-core';

import {registerGradientKernels} from '@tfjs-capture/core';
import {startBackendUnderTest, UNDER_TEST} from './backend-under-test.js';

beforeAll(async () => {
  await startBackendUnderTest();
  registerGradientKernels(UNDER_TEST);
});

/** All of the kernels: convolutions, of one value and of several, depthwise, depthToSpace, gather. */
function gradients(): void {
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 9, 8, 3]);
    const filters = [
      tf.randomNormal<tf.Rank.R4>([3, 3, 3, 4]),
      tf.randomNormal<tf.Rank.R4>([1, 1, 4, 4]),
      tf.randomNormal<tf.Rank.R4>([3, 2, 4, 2]),
      tf.randomNormal<tf.Rank.R2>([6, 4]),
    ];
    tf.grads((input, first, second, third, rows) => {
      let y = tf.fused.conv2d({
        x: input as tf.Tensor4D,
        filter: first as tf.Tensor4D,
        strides: 2,
        pad: 'same',
      });
      y = tf.conv2d(y, second as tf.Tensor4D, 1, 'valid');
      const embedded = tf.gather(rows as tf.Tensor2D, tf.tensor1d([1, 5, 1], 'int32'));
      y = tf.mul(y, tf.mean(embedded, 0));
      y = tf.depthwiseConv2d(y, third as tf.Tensor4D, 2, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]);
      return tf.sum(tf.square(tf.depthToSpace(y, 2)));
    })([x, ...filters]);
  });
}

const heapBytes = (): number =>
  (tf.backend() as unknown as {wasm?: {HEAPU8: Uint8Array}}).wasm?.HEAPU8.byteLength ?? 0;

test('a thousand gradients leave nothing', () => {
  gradients();
  const before = {...tf.memory(), data: tf.backend().numDataIds(), heap: heapBytes()};
  // XNNPACK keeps an operator for each filter, and here the values of dy are filters: none may be left.
  for (let i = 0; i < (UNDER_TEST === 'wasm' ? 1000 : 100); i++) gradients();
  expect({...tf.memory(), data: tf.backend().numDataIds(), heap: heapBytes()}).toEqual(before);
});

test("the engine's own count is right after each kernel", () => {
  // It throws where a kernel leaves data behind. (On WASM it does so for any fused convolution on a tape.)
  tf.env().set('IS_TEST', true);
  try {
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([2, 9, 8, 3]);
      const at = <T extends tf.Tensor>(filter: T, y: (filter: T, x: tf.Tensor4D) => tf.Tensor) => {
        tf.grads((of, input) => tf.sum(y(of as T, input as tf.Tensor4D)))([filter, x]);
      };
      at(tf.ones<tf.Rank.R4>([3, 3, 3, 4]), (filter, input) =>
        tf.conv2d(input, filter, 2, 'valid'),
      );
      at(tf.ones<tf.Rank.R4>([1, 1, 3, 4]), (filter, input) => tf.conv2d(input, filter, 1, 'same'));
      at(tf.ones<tf.Rank.R4>([3, 2, 3, 2]), (filter, input) =>
        tf.depthwiseConv2d(input, filter, [1, 2], 'same'),
      );
      tf.grad((rows) => tf.gather(rows, tf.tensor1d([1, 1], 'int32')))(tf.ones([3, 2]));
    });
  } finally {
    tf.env().set('IS_TEST', false);
  }
});

test('a kernel that fails leaves nothing', () => {
  const before = tf.backend().numDataIds();
  const reshape = tf.getKernel('Reshape', UNDER_TEST);
  tf.unregisterKernel('Reshape', UNDER_TEST);
  try {
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([1, 4, 4, 2]);
      const failing = () =>
        tf
          .engine()
          .runKernel(
            'DepthwiseConv2dNativeBackpropFilter',
            {x, dy: x},
            {strides: 1, pad: 'same', dilations: 1, filterShape: [3, 3, 2, 1]},
          );
      expect(failing).toThrow(
        `DepthwiseConv2dNativeBackpropFilter: it is made of the backend's kernel Reshape, which '${UNDER_TEST}' no longer has.`,
      );
    });
  } finally {
    tf.registerKernel(reshape);
  }
  expect(tf.backend().numDataIds()).toBe(before);
});
