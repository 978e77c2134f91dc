/** An output as the image that it is, if it is one. */
import type {ModelInfo, PixelRange} from '../protocol/model.js';
import type {Statistics} from '../../src/report/statistics.js';
import type {Picture, RunInput} from '../protocol/run.js';
import {channelOf, layoutOf} from './map-layout.js';
import type {OutputValues} from './run-model.js';

/** Smaller ones are something else, such as the key points of a body. */
const SMALLEST_SIDE = 8;

/** @returns the first image of the batch; null unless it is [batch, height, width, 1, 3 or 4] of a model of images */
export function outputPicture(
  {name, shape, values}: OutputValues,
  {min, max}: Pick<Statistics, 'min' | 'max'>,
  {imageInput}: Pick<ModelInfo, 'imageInput'>,
  input: RunInput,
): Picture | null {
  if (!imageInput || shape.length !== 4) return null;
  const layout = layoutOf(shape, imageInput.isChannelsFirst ? 1 : 3);
  const {height, width, channels} = layout;
  const isImage = [1, 3, 4].includes(channels) && Math.min(height, width) >= SMALLEST_SIDE;
  if (!isImage) return null;
  const {scale, offset} = BYTES[rangeOf(min, max, input)];
  const maps = Array.from({length: channels}, (_, c) => channelOf(values, {shape, layout}, c));
  // Clamped and rounded by the array; grey stands for all three colours.
  const rgba = new Uint8ClampedArray(4 * height * width).fill(255);
  const planes = channels === 1 ? [maps[0], maps[0], maps[0]] : maps;
  planes.forEach((plane, colour) => {
    plane?.forEach((value, at) => {
      rgba[4 * at + colour] = value * scale + offset;
    });
  });
  return {name, width, height, rgba};
}

/** What makes bytes of values. */
const BYTES: Readonly<Record<PixelRange, {scale: number; offset: number}>> = {
  '0 to 255': {scale: 1, offset: 0},
  '0 to 1': {scale: 255, offset: 0},
  '−1 to 1': {scale: 127.5, offset: 127.5},
};

/** The range of the input, as image to image has it, unless the values lie in another one. */
function rangeOf(min: number, max: number, input: RunInput): PixelRange {
  const byValues = max > 2 ? '0 to 255' : min < -0.5 ? '−1 to 1' : '0 to 1';
  if (input.kind !== 'image') return byValues;
  const {range} = input.preparation;
  const fits = {
    // A mask is no image that is all but black.
    '0 to 255': max > 1 || max <= 0,
    '0 to 1': min >= -0.5 && max <= 2,
    '−1 to 1': min >= -2 && max <= 2,
  };
  return fits[range] ? range : byValues;
}
