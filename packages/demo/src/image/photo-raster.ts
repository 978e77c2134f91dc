import type {Tensor} from '@tensorflow/tfjs-core';
import type {Raster} from './raster.js';

/**
 * The first of a batch of images, [batch, height, width, 3] with values 0 to 255, rounded and cut
 * to bytes.
 */
export async function photoRaster(images: Tensor): Promise<Raster> {
  const [, height, width, channels] = images.shape;
  if (height === undefined || width === undefined || channels !== 3) {
    throw new Error(
      `photoRaster: images must be [batch, height, width, 3], got [${images.shape.join(', ')}].`,
    );
  }
  const values = await images.data();
  // A clamped array rounds, and cuts at 0 and 255.
  const data = Uint8ClampedArray.from(values.subarray(0, height * width * 3));
  return {width, height, data: new Uint8Array(data.buffer)};
}
