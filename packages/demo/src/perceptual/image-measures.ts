import {abs, clipByValue, mean, mul, square, stack, sub, tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/** How near an image is to its target, whatever it was trained for. */
export interface ImageMeasures {
  /** Peak signal-to-noise ratio, in dB: the higher, the nearer. */
  readonly psnr: number;
  /** Mean absolute difference of a value, in steps of 255. */
  readonly l1: number;
  /** Mean value of the image less that of its target, in steps of 255: negative is darker. */
  readonly brightness: number;
}

/** @param image as `target`, values 0 to 1; what lies beyond is cut, as in a picture */
export async function measureImage(image: Tensor, target: Tensor): Promise<ImageMeasures> {
  const measured = tidy(() => {
    const difference = mul(255, sub(clipByValue(image, 0, 1), target));
    return stack([mean(square(difference)), mean(abs(difference)), mean(difference)]);
  });
  const [squared = NaN, l1 = NaN, brightness = NaN] = await measured.data();
  measured.dispose();
  return {psnr: 10 * Math.log10(255 ** 2 / squared), l1, brightness};
}
