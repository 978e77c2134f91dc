/** Images from files, addresses and elements, decoded to pixels by the browser. */
import {MOST_PIXELS} from '../../protocol/files.js';
import type {Picture} from '../../protocol/run.js';

/** @throws Error as a sentence: no image, or too large */
export async function pictureFrom(file: Blob, name: string): Promise<Picture> {
  const bitmap = await createImageBitmap(file).catch((error: unknown) => {
    throw new Error(
      `${name} is no image that this browser can read. Take a PNG, JPEG or WebP file.`,
      {cause: error},
    );
  });
  try {
    const {width, height} = bitmap;
    if (width * height > MOST_PIXELS) {
      throw new Error(
        `${name} is ${width} × ${height} pixels; at most ${MOST_PIXELS / 1e6} million are taken. Shrink it first.`,
      );
    }
    return pixelsOf(bitmap, name, width, height);
  } finally {
    bitmap.close();
  }
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
