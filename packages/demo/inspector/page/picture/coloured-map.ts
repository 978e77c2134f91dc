/** Values as pixels in the maps' colours. */
import {activationColour} from '../../../src/image/activation-colours.js';
import type {Pixels} from './draw-pixels.js';

/** One pixel per value; the colours end at ±limit. */
export function colouredMap(
  values: Float32Array,
  width: number,
  height: number,
  limit: number,
): Pixels {
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  values.forEach((value, at) => {
    rgba.set(activationColour(value, limit), 4 * at);
  });
  return {width, height, rgba};
}
