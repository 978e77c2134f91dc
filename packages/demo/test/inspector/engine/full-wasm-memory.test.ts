import * as tf from '@tensorflow/tfjs-core';
import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {throwWhenMemoryIsFull} from '../../../inspector/engine/full-wasm-memory.js';
import type {Allocator} from '../../../inspector/engine/full-wasm-memory.js';
import {sentenceOf} from '../../../inspector/engine/sentence-of.js';

if (tf.getBackend() !== 'wasm') {
  test('the CPU backend has no memory of its own to fill', () => {
    expect(tf.getBackend()).toBe('cpu');
  });
} else {
  // Memory that nobody writes to takes no place in the machine.
  const backend = tf.backend() as BackendWasm;
  const allocate = (bytes: number) =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput([bytes / 4], 'float32'));

  let undo: () => void;
  beforeEach(() => (undo = throwWhenMemoryIsFull(backend)));
  afterEach(() => undo());

  test('four of a gibibyte do not fit, and what is there still counts right', () => {
    const taken: tf.Tensor[] = [];
    const fill = () => {
      for (let count = 0; count < 4; count++) taken.push(allocate(2 ** 30));
    };
    expect(fill).toThrow(
      /^WebAssembly\.Memory is full: 1,073,741,824 bytes more were asked for\.$/,
    );
    expect([...tf.add(tf.tensor1d([1, 2]), 1).dataSync()]).toEqual([2, 3]);
    tf.dispose(taken);
    tf.dispose(allocate(2 ** 30));
  });

  test('a size that would lose its upper bits is refused', () => {
    expect(() => allocate(2 ** 32)).toThrow(/4,294,967,296 bytes more were asked for/);
    expect(() => allocate(2 ** 32 + 16)).toThrow(/is full/);
  });

  test('is said in a sentence', () => {
    let error: unknown;
    try {
      allocate(2 ** 33);
    } catch (thrown) {
      error = thrown;
    }
    expect(sentenceOf(error, 'Running the model').message).toMatch(/^There is not enough memory/);
  });

  test('what is undone is as it was: silent', () => {
    undo();
    const wasm = backend.wasm as unknown as Allocator;
    expect(wasm._malloc(2 ** 32 - 16)).toBe(0);
  });
}
