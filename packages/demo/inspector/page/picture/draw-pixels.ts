/** Pixels on a canvas that has just as many. */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly rgba: Uint8ClampedArray;
}

export function drawPixels(canvas: HTMLCanvasElement, {width, height, rgba}: Pixels): void {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(new Uint8ClampedArray(rgba), width, height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
