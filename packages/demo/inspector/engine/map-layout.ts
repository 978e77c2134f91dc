/** How a hook point's values become maps, one per channel. */
import {mapSize} from '../../src/image/map-size.js';
import type {MapLayout} from '../protocol/run.js';

/** A hook point's shape, and how that is laid out. */
export interface LaidOut {
  readonly shape: readonly number[];
  readonly layout: MapLayout;
}

/** @param channelAxis along which channels lie, from 0 */
export const layoutOf = (shape: readonly number[], channelAxis: number): MapLayout => ({
  ...mapSize(shape, channelAxis),
  channelAxis,
});

/** How many values of one channel lie side by side: 1 with channels last. */
export const innerSize = ({shape, layout}: LaidOut): number =>
  shape.slice(layout.channelAxis + 1).reduce((product, size) => product * size, 1);

/** One channel's map, of the first of the batch: row by row, copied. */
export function channelOf(values: Float32Array, laidOut: LaidOut, channel: number): Float32Array {
  const {height, width, channels} = laidOut.layout;
  const inner = innerSize(laidOut);
  const map = new Float32Array(height * width);
  let from = channel * inner;
  for (let at = 0; at < map.length; from += channels * inner) {
    for (let i = 0; i < inner; i++) map[at++] = values[from + i] ?? NaN;
  }
  return map;
}

/** All maps of the first of the batch: as many values as these have. */
export const firstOf = (values: Float32Array, {layout}: LaidOut): Float32Array =>
  values.subarray(0, layout.height * layout.width * layout.channels);
