import {createRaster, fillRectangle} from './raster.js';
import type {Raster, Rectangle} from './raster.js';

/** A part of a raster, each of its pixels as a square of `times` × `times`: nothing is invented. */
export function enlargePart(source: Raster, part: Rectangle, times: number): Raster {
  const enlarged = createRaster(part.width * times, part.height * times, [0, 0, 0]);
  for (let row = 0; row < part.height; row++) {
    for (let column = 0; column < part.width; column++) {
      const at = ((part.top + row) * source.width + part.left + column) * 3;
      const [red = 0, green = 0, blue = 0] = source.data.subarray(at, at + 3);
      const square = {left: column * times, top: row * times, width: times, height: times};
      fillRectangle(enlarged, square, [red, green, blue]);
    }
  }
  return enlarged;
}
