/** Feature maps as pixels. */
import {ACTIVATION_COLOURS, activationColourIndex} from '../../src/image/activation-colours.js';
import type {ChannelValues, MapsPicture, MapsRequest} from '../protocol/feature-maps.js';
import type {KeptRun} from './kept-run.js';
import {channelOf} from './map-layout.js';

/** A pixel per colour, as four bytes in memory: RGBA. */
const PIXELS = new Uint32Array(
  Uint8Array.from(ACTIVATION_COLOURS.flatMap((colour) => [...colour, 255])).buffer,
);

/** Each value is one pixel, in the colour that `activationColour` gives it. */
export function drawMaps(run: KeptRun, {hook, side, channels, scale}: MapsRequest): MapsPicture {
  const point = run.point(hook);
  const {height, width} = point.layout;
  const size = height * width;
  const pixels = new Uint32Array(channels.length * size);
  const limits = channels.map((channel, place) => {
    const values = channelOf(run.channel(hook, channel)[side], point, channel);
    const limit = scale === 'shared' ? run.sharedLimit(hook) : run.channelLimit(hook, channel);
    // By index: an iterator takes twice as long.
    for (let at = 0; at < size; at++) {
      const colour = activationColourIndex(values[at] as number, limit);
      pixels[place * size + at] = PIXELS[colour] as number;
    }
    return limit;
  });
  return {height, width, rgba: new Uint8ClampedArray(pixels.buffer), limits};
}

export function channelValues(run: KeptRun, hook: number, channel: number): ChannelValues {
  const point = run.channel(hook, channel);
  const {height, width} = point.layout;
  return {
    height,
    width,
    pre: channelOf(point.pre, point, channel),
    post: channelOf(point.post, point, channel),
  };
}
