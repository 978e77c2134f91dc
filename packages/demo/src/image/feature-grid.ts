import {activationColour} from './activation-colours.js';
import {mapSize} from './map-size.js';
import {createRaster, fillRectangle} from './raster.js';
import type {Raster, Rgb} from './raster.js';

/** The widest and highest that a grid gets, in pixels. */
export const GRID_SIZE = 1038;
/** At most so many channels are drawn. */
export const GRID_CHANNELS = 64;
const GAP = 2;
const GAP_COLOUR: Rgb = [96, 96, 96];

/** One layer's feature maps: the values of a tensor whose last axis is the channels. */
export interface FeatureMaps {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

/**
 * Draws the first channels of the first example of a batch, one map each, in a grid as near to
 * square as can be.
 *
 * Each pixel is one value of the tensor: small maps are enlarged by whole numbers, of large ones
 * every second, third, … value is shown. Averaging would invent values, and paint over the zeros.
 * See `mapSize` for other shapes than [batch, height, width, channels].
 */
export function drawFeatureGrid(maps: FeatureMaps, limit: number, ground: Rgb): Raster {
  const {height, width, channels} = mapSize(maps.shape);
  const shown = Math.min(channels, GRID_CHANNELS);
  const columns = columnsFor(shown);
  const rows = Math.ceil(shown / columns);
  const room = Math.floor((GRID_SIZE - (columns - 1) * GAP) / columns);
  const {enlarge, stride} = scaleToFit(Math.max(height, width), room);
  const cellWidth = Math.ceil(width / stride) * enlarge;
  const cellHeight = Math.ceil(height / stride) * enlarge;

  const grid = createRaster(
    columns * (cellWidth + GAP) - GAP,
    rows * (cellHeight + GAP) - GAP,
    GAP_COLOUR,
  );
  const unusedLeft = (shown - (rows - 1) * columns) * (cellWidth + GAP) - GAP;
  fillRectangle(
    grid,
    {
      left: unusedLeft,
      top: grid.height - cellHeight,
      width: grid.width - unusedLeft,
      height: cellHeight,
    },
    ground,
  );
  for (let channel = 0; channel < shown; channel++) {
    const left = (channel % columns) * (cellWidth + GAP);
    const top = Math.floor(channel / columns) * (cellHeight + GAP);
    for (let row = 0; row < height; row += stride) {
      for (let column = 0; column < width; column += stride) {
        const value = maps.values[(row * width + column) * channels + channel] ?? NaN;
        const pixel = {
          left: left + (column / stride) * enlarge,
          top: top + (row / stride) * enlarge,
          width: enlarge,
          height: enlarge,
        };
        fillRectangle(grid, pixel, activationColour(value, limit));
      }
    }
  }
  return grid;
}

/** A full grid is better than a square one, as long as it is no more than twice as wide as high. */
function columnsFor(shown: number): number {
  const square = Math.ceil(Math.sqrt(shown));
  for (let columns = square; columns <= 2 * Math.sqrt(shown); columns++) {
    if (shown % columns === 0) return columns;
  }
  return square;
}

function scaleToFit(size: number, room: number): {enlarge: number; stride: number} {
  return size <= room
    ? {enlarge: Math.floor(room / size), stride: 1}
    : {enlarge: 1, stride: Math.ceil(size / room)};
}
