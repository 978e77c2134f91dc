import {colourBarTicks, drawColourBar} from './colour-bar.js';
import {colourLimit} from './colour-limit.js';
import {GRID_CHANNELS, drawFeatureGrid} from './feature-grid.js';
import type {FeatureMaps} from './feature-grid.js';
import type {LabelStyle} from './label.js';
import {GROUND, placeLabel, writeLabelledPicture} from './labelled-picture.js';
import type {PlacedLabel} from './labelled-picture.js';
import {mapSize} from './map-size.js';
import {createRaster, paste} from './raster.js';
import type {Raster} from './raster.js';

export interface BeforeAfter {
  readonly layer: string;
  readonly activation: string;
  readonly before: FeatureMaps;
  readonly after: FeatureMaps;
  /**
   * Shares of all values, between 0 and 1: what the heading of each side says, and how much the
   * activation has stopped.
   */
  readonly zeroBefore: number;
  readonly zeroAfter: number;
  readonly dead: number;
}

/** The narrowest that a side gets, so that its heading fits. */
const PANEL_WIDTH = 700;
const MARGIN = 32;
const HEADER = 150;
const FOOTER = 120;
const BAR_HEIGHT = 30;
const TITLE: LabelStyle = {size: 38, colour: '#ffffff', bold: true};
const DETAIL: LabelStyle = {size: 26, colour: '#c8c8d0'};
const HEADING: LabelStyle = {size: 30, colour: '#ffffff', bold: true};

/**
 * Writes one PNG with a layer's feature maps before its activation on the left and after it on the
 * right, in one colour scale: black is 0, so what the activation has stopped goes dark. At most
 * 2,172 pixels wide and 1,308 high.
 */
export async function writeBeforeAfterPicture(path: string, layer: BeforeAfter): Promise<void> {
  const limit = colourLimit(layer.before.values);
  const before = drawFeatureGrid(layer.before, limit, GROUND);
  const after = drawFeatureGrid(layer.after, limit, GROUND);
  const panel = Math.max(before.width, PANEL_WIDTH);
  const canvas = createRaster(2 * panel + 3 * MARGIN, HEADER + before.height + FOOTER, GROUND);
  const lefts = [MARGIN, 2 * MARGIN + panel] as const;
  const bar = drawColourBar(limit, panel, BAR_HEIGHT);
  const barTop = HEADER + before.height + MARGIN;

  paste(before, canvas, lefts[0] + centred(panel, before), HEADER);
  paste(after, canvas, lefts[1] + centred(panel, after), HEADER);
  paste(bar, canvas, centred(canvas.width, bar), barTop);
  const labels = [
    ...(await headerLabels(layer, lefts)),
    ...(await tickLabels(limit, centred(canvas.width, bar), bar.width, barTop + BAR_HEIGHT + 8)),
  ];
  await writeLabelledPicture(path, canvas, labels);
}

async function headerLabels(
  layer: BeforeAfter,
  lefts: readonly [number, number],
): Promise<PlacedLabel[]> {
  const {layer: name, activation, dead, zeroBefore, zeroAfter} = layer;
  const {shape} = layer.before;
  const {channels} = mapSize(shape);
  const shown =
    channels > GRID_CHANNELS
      ? `channels 1–${GRID_CHANNELS} of ${channels}`
      : `all ${channels} channels`;
  const rows: [text: string, style: LabelStyle, left: number, top: number][] = [
    [`${name} · ${activation} · ${percent(dead)} dead`, TITLE, lefts[0], 16],
    [`shape [${shape.join(', ')}], ${shown}`, DETAIL, lefts[0], 66],
    [`BEFORE ${activation}: ${percent(zeroBefore)} zeros`, HEADING, lefts[0], 108],
    [`AFTER ${activation}: ${percent(zeroAfter)} zeros`, HEADING, lefts[1], 108],
  ];
  return Promise.all(rows.map((row) => placeLabel(...row)));
}

async function tickLabels(
  limit: number,
  barLeft: number,
  barWidth: number,
  top: number,
): Promise<PlacedLabel[]> {
  return Promise.all(
    colourBarTicks(limit).map(({at, text}) =>
      placeLabel(text, DETAIL, barLeft + at * barWidth, top, 0.5),
    ),
  );
}

function centred(room: number, {width}: Pick<Raster, 'width'>): number {
  return Math.floor((room - width) / 2);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
