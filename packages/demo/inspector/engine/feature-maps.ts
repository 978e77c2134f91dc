/** Feature maps as pixels. */
import {paintActivations} from '../../src/image/paint-activations.js';
import type {ChannelValues, MapsPicture, MapsRequest} from '../protocol/feature-maps.js';
import type {KeptRun} from './kept-run.js';
import {channelOf} from './map-layout.js';

/** Each value is one pixel, in the colour that `activationColour` gives it. */
export function drawMaps(run: KeptRun, {hook, side, channels, scale}: MapsRequest): MapsPicture {
  const point = run.point(hook);
  const {height, width} = point.layout;
  const size = height * width;
  const pixels = new Uint32Array(channels.length * size);
  const limits = channels.map((channel, place) => {
    const values = channelOf(run.channel(hook, channel)[side], point, channel);
    const limit = scale === 'shared' ? run.sharedLimit(hook) : run.channelLimit(hook, channel);
    paintActivations(values, limit, pixels, place * size);
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
