/** The colour bar of the command line's pictures, on a canvas. */
import {drawColourBar} from '../../../src/image/colour-bar.js';
import {drawPixels} from './draw-pixels.js';

export function drawColourBarOn(
  canvas: HTMLCanvasElement,
  limit: number,
  width = 512,
  height = 12,
): void {
  const {data} = drawColourBar(limit, width, height);
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgba.set(data.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
  }
  drawPixels(canvas, {width, height, rgba});
}
