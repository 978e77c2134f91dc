import type {Tensor} from '@tensorflow/tfjs-core';
import {mul, tidy} from '@tensorflow/tfjs-core';
import {enlargePart} from '../image/enlarge.js';
import type {LabelStyle} from '../image/label.js';
import {GROUND, placeLabel, writeLabelledPicture} from '../image/labelled-picture.js';
import type {PlacedLabel} from '../image/labelled-picture.js';
import {photoRaster} from '../image/photo-raster.js';
import {createRaster, paste} from '../image/raster.js';
import type {Rectangle} from '../image/raster.js';

export interface ComparedImage {
  readonly title: string;
  readonly detail: string;
  /** [1, side, side, 3], values 0 to 1, all images of the same side. */
  readonly image: Tensor;
}

/** The side of the middle square that is shown larger, as a share of the image's. */
const DETAIL_SHARE = 3 / 8;
/** About how wide each image gets, whatever its side. */
const PANEL = 384;
const MARGIN = 24;
const HEADER = 92;
const HEADING: LabelStyle = {size: 28, colour: '#ffffff', bold: true};
const DETAIL: LabelStyle = {size: 22, colour: '#c8c8d0'};

/**
 * Writes one PNG with the images side by side, enlarged by whole numbers, and their middle below,
 * enlarged further.
 */
export async function writeComparisonPicture(
  path: string,
  compared: readonly ComparedImage[],
): Promise<void> {
  const side = compared[0]?.image.shape[1] ?? 1;
  const {whole, middle} = views(side);
  const panel = Math.max(whole.part.width * whole.times, middle.part.width * middle.times);
  const canvas = createRaster(
    MARGIN + compared.length * (panel + MARGIN),
    HEADER + 2 * (panel + MARGIN),
    GROUND,
  );
  const labels: PlacedLabel[] = [];
  for (const [index, {title, detail, image}] of compared.entries()) {
    const left = MARGIN + index * (panel + MARGIN);
    const bytes = tidy(() => mul(image, 255));
    const raster = await photoRaster(bytes);
    bytes.dispose();
    paste(enlargePart(raster, whole.part, whole.times), canvas, left, HEADER);
    paste(enlargePart(raster, middle.part, middle.times), canvas, left, HEADER + panel + MARGIN);
    labels.push(
      await placeLabel(title, HEADING, left, 16),
      await placeLabel(detail, DETAIL, left, 56),
    );
  }
  await writeLabelledPicture(path, canvas, labels);
}

interface View {
  readonly part: Rectangle;
  readonly times: number;
}

function views(side: number): {whole: View; middle: View} {
  const small = Math.ceil(side * DETAIL_SHARE);
  const start = Math.floor((side - small) / 2);
  return {
    whole: view({left: 0, top: 0, width: side, height: side}),
    middle: view({left: start, top: start, width: small, height: small}),
  };
}

function view(part: Rectangle): View {
  return {part, times: Math.max(1, Math.round(PANEL / part.width))};
}
