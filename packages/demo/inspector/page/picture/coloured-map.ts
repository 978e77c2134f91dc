/** Values as pixels in the maps' colours. */
import {paintActivations} from '../../../src/image/paint-activations.js';
import type {Pixels} from './draw-pixels.js';

/** One pixel per value; the colours end at ±limit. */
export function colouredMap(
  values: Float32Array,
  width: number,
  height: number,
  limit: number,
): Pixels {
  const pixels = new Uint32Array(width * height);
  paintActivations(values, limit, pixels);
  return {width, height, rgba: new Uint8ClampedArray(pixels.buffer)};
}
