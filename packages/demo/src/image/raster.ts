export type Rgb = readonly [red: number, green: number, blue: number];

/** An RGB picture in memory, three bytes a pixel, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function createRaster(width: number, height: number, colour: Rgb): Raster {
  const raster = {width, height, data: new Uint8Array(width * height * 3)};
  fillRectangle(raster, {left: 0, top: 0, width, height}, colour);
  return raster;
}

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function fillRectangle(
  {data, width: rowLength}: Raster,
  {left, top, width, height}: Rectangle,
  [red, green, blue]: Rgb,
): void {
  for (let y = top; y < top + height; y++) {
    const end = (y * rowLength + left + width) * 3;
    for (let at = (y * rowLength + left) * 3; at < end; at += 3) {
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
  }
}

export function paste(source: Raster, target: Raster, left: number, top: number): void {
  const bytes = source.width * 3;
  for (let y = 0; y < source.height; y++) {
    const row = source.data.subarray(y * bytes, (y + 1) * bytes);
    target.data.set(row, ((top + y) * target.width + left) * 3);
  }
}
