import sharp from 'sharp';
import type {OverlayOptions} from 'sharp';
import {renderLabel} from './label.js';
import type {Label, LabelStyle} from './label.js';
import type {Raster, Rgb} from './raster.js';

/** What all pictures lie on. */
export const GROUND: Rgb = [24, 24, 27];

export interface PlacedLabel {
  readonly label: Label;
  readonly left: number;
  readonly top: number;
}

/** Where in a label the point is that it is placed by, from left to right: 0 to 1. */
export type Anchor = 0 | 0.5 | 1;

/** Renders a line of text so that its anchor lies at `x` and its upper edge at `top`. */
export async function placeLabel(
  text: string,
  style: LabelStyle,
  x: number,
  top: number,
  anchor: Anchor = 0,
): Promise<PlacedLabel> {
  const label = await renderLabel(text, style);
  return {label, left: Math.round(x - anchor * label.width), top};
}

/** Writes a raster with labels over it as PNG. `drawings` are SVGs that lie between the two. */
export async function writeLabelledPicture(
  path: string,
  {data, width, height}: Raster,
  labels: readonly PlacedLabel[],
  drawings: readonly OverlayOptions[] = [],
): Promise<void> {
  await sharp(data, {raw: {width, height, channels: 3}})
    .composite([
      ...drawings,
      ...labels.map(({label, left, top}) => ({input: label.png, left, top})),
    ])
    .png({compressionLevel: 6})
    .toFile(path);
}
