import {access} from 'node:fs/promises';
import {tensor4d} from '@tensorflow/tfjs-core';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import sharp from 'sharp';

/** A photo of more pixels than this is refused: unpacked, it would take hundreds of megabytes. */
export const PHOTO_PIXELS = 50_000_000;

export interface PhotoSize {
  /** Shrink so that neither side is longer than this. */
  readonly longestSide?: number;
  /** Cut to the middle square and scale to this side. */
  readonly square?: number;
}

export interface Photo {
  /** [1, height, width, 3], red, green, blue, 0 to 255. The caller disposes it. */
  readonly pixels: Tensor4D;
  /** As stored in the file. */
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a PNG or JPEG, upright as its EXIF entry says, transparency laid over white, grey as RGB.
 *
 * @throws Error that names the file: missing, no image, or of more than PHOTO_PIXELS.
 */
export async function readPhoto(path: string, size: PhotoSize = {}): Promise<Photo> {
  await access(path).catch((error: unknown) => {
    throw new Error(`readPhoto: there is no file ${path}. Give the path of a PNG or JPEG.`, {
      cause: error,
    });
  });
  const {data, info, stored} = await decode(path, size);
  const pixels = tensor4d(Float32Array.from(data), [1, info.height, info.width, 3]);
  return {pixels, ...stored};
}

async function decode(path: string, {longestSide, square}: PhotoSize) {
  try {
    const stored = await sharp(path, {limitInputPixels: false}).metadata();
    refuseEnormous(path, stored);
    let image = sharp(path).autoOrient().toColourspace('srgb').flatten({background: '#ffffff'});
    if (square !== undefined) image = image.resize(square, square, {fit: 'cover'});
    if (longestSide !== undefined) {
      image = image.resize(longestSide, longestSide, {fit: 'inside', withoutEnlargement: true});
    }
    const {data, info} = await image.raw().toBuffer({resolveWithObject: true});
    return {data, info, stored: {width: stored.width, height: stored.height}};
  } catch (error) {
    if (error instanceof PhotoTooLarge) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`readPhoto: cannot decode ${path} (${reason}). Give a PNG or JPEG.`, {
      cause: error,
    });
  }
}

class PhotoTooLarge extends Error {}

function refuseEnormous(path: string, {width, height}: {width: number; height: number}): void {
  if (width * height <= PHOTO_PIXELS) return;
  throw new PhotoTooLarge(
    `readPhoto: ${path} is ${width} × ${height} pixels. ` +
      `At most ${PHOTO_PIXELS / 1e6} million are taken: shrink it first.`,
  );
}
