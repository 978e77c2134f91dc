/** Images from files, addresses and elements, decoded to pixels by the browser. */
import {MOST_PIXELS} from '../../protocol/files.js';
import type {Picture} from '../../protocol/run.js';

/** @throws Error as a sentence: no image, or too large */
export async function pictureFrom(file: Blob, name: string): Promise<Picture> {
  try {
    await expectFewPixels(file, name);
    const bitmap = await createImageBitmap(file);
    try {
      return pixelsOf(bitmap, name, bitmap.width, bitmap.height);
    } finally {
      bitmap.close();
    }
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    throw new Error(
      `${name} is no image that this browser can read. Take a PNG, JPEG or WebP file.`,
      {cause: error},
    );
  }
}

class TooLarge extends Error {}

/** An element knows its image's size before the pixels are decoded. */
async function expectFewPixels(file: Blob, name: string): Promise<void> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => {
      image.addEventListener('load', resolve);
      image.addEventListener('error', reject);
    });
  } finally {
    URL.revokeObjectURL(image.src);
  }
  const {naturalWidth: width, naturalHeight: height} = image;
  if (width * height <= MOST_PIXELS) return;
  throw new TooLarge(
    `${name} is ${width} × ${height} pixels; at most ${MOST_PIXELS / 1e6} million are taken. Shrink it first.`,
  );
}

/** @throws Error as a sentence */
export async function pictureFromUrl(url: string): Promise<Picture> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`The image ${name} cannot be read (status ${response.status}). Drop another.`);
  }
  return pictureFrom(await response.blob(), name);
}

/** What is drawn now: a bitmap, or a video's frame. */
export function pixelsOf(
  source: CanvasImageSource,
  name: string,
  width: number,
  height: number,
): Picture {
  const context = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  if (context === null) throw new Error('This browser draws no canvas. Take another browser.');
  context.drawImage(source, 0, 0, width, height);
  return {name, width, height, rgba: context.getImageData(0, 0, width, height).data};
}
