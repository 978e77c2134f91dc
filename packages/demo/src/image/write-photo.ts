import type {Tensor} from '@tensorflow/tfjs-core';
import sharp from 'sharp';

/**
 * Writes the first of a batch of images, [batch, height, width, 3] with values 0 to 255, as PNG.
 */
export async function writePhoto(path: string, images: Tensor): Promise<void> {
  const [, height, width, channels] = images.shape;
  if (height === undefined || width === undefined || channels !== 3) {
    throw new Error(
      `writePhoto: images must be [batch, height, width, 3], got [${images.shape.join(', ')}].`,
    );
  }
  const values = await images.data();
  // A clamped array rounds, and cuts at 0 and 255.
  const pixels = Uint8ClampedArray.from(values.subarray(0, height * width * 3));
  await sharp(pixels, {raw: {width, height, channels: 3}})
    .png()
    .toFile(path);
}
