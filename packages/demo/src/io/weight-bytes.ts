import {util} from '@tensorflow/tfjs-core';
import type {io} from '@tensorflow/tfjs-core';

const QUANTIZED_BYTES = {uint8: 1, uint16: 2, float16: 2} as const;

/**
 * How many bytes the stored weights of these specs take, quantised ones counted in their stored
 * type. Undefined when that cannot be told from the specs alone: strings have no fixed size.
 */
export function weightBytes(specs: readonly io.WeightsManifestEntry[]): number | undefined {
  let bytes = 0;
  for (const {shape, dtype, quantization} of specs) {
    if (dtype === 'string') return undefined;
    const each = quantization ? QUANTIZED_BYTES[quantization.dtype] : util.bytesPerElement(dtype);
    bytes += util.sizeFromShape(shape) * each;
  }
  return bytes;
}
