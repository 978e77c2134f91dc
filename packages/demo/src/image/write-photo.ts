import type {Tensor} from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import {photoRaster} from './photo-raster.js';

/**
 * Writes the first of a batch of images, [batch, height, width, 3] with values 0 to 255, as PNG.
 */
export async function writePhoto(path: string, images: Tensor): Promise<void> {
  const {data, width, height} = await photoRaster(images);
  await sharp(data, {raw: {width, height, channels: 3}})
    .png()
    .toFile(path);
}
