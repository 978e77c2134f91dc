/** What a layer's maps must look like, worked out from its values alone. */
import type {Page} from 'playwright-core';
import {activationColour} from '../../../../src/image/activation-colours.js';
import {colourLimit} from '../../../../src/image/colour-limit.js';
import type {ScaleKind} from '../../../../inspector/protocol/feature-maps.js';
import {shownMaps} from './inspector-page.js';
import type {ReferencePoint} from './reference-run.js';

/** A page of maps has no more. */
const PAGE_SIZE = 64;
/** How many values of one channel set its scale. */
const CHANNEL_SAMPLES = 2000;

export interface ExpectedMaps {
  /** The original run's, of an edited one: that ranks the maps of both. */
  readonly original?: ReferencePoint;
  readonly scale?: ScaleKind;
}

/** The shown layer's maps, before and after: the most active channels first, each pixel of each. */
export async function expectMapsOf(
  page: Page,
  point: ReferencePoint,
  {original = point, scale = 'shared'}: ExpectedMaps = {},
): Promise<void> {
  const activities = Array.from({length: point.shape.at(-1)!}, (_, channel) =>
    meanMagnitude(channelOf(original.post, original, channel)),
  );
  const ranked = [...activities].sort((a, b) => b - a).slice(0, PAGE_SIZE);
  const shared = Math.max(colourLimit(point.pre), colourLimit(point.post));
  // A unit of a dense layer is a map of one value.
  const size = point.shape.length === 4 ? point.shape.slice(1, 3) : [1, 1];
  for (const side of ['pre', 'post'] as const) {
    const maps = await shownMaps(page, side);
    expect(maps.map(({channel}) => activities[channel])).toEqual(ranked);
    for (const {channel, height, width, rgb} of maps) {
      expect([height, width]).toEqual(size);
      const limit = scale === 'shared' ? shared : limitOfChannel(point, channel);
      const expected = coloured(channelOf(point[side], point, channel), limit);
      const isSame = expected.equals(rgb);
      expect({layer: point.name, side, channel, isSame}).toMatchObject({isSame: true});
    }
  }
}

/** Of both sides alike; what is 0 everywhere sets no scale. */
export function limitOfChannel(point: ReferencePoint, channel: number): number {
  const limits = [point.pre, point.post]
    .map((values) => channelOf(values, point, channel))
    .filter((values) => values.some((value) => value !== 0))
    .map((values) => colourLimit(values, undefined, CHANNEL_SAMPLES));
  return Math.max(...limits) || 1;
}

/** The values of one channel of a tensor with its channels last. */
export function channelOf(
  values: Float32Array,
  {shape}: ReferencePoint,
  channel: number,
): Float32Array {
  const channels = shape.at(-1)!;
  return Float32Array.from(
    {length: values.length / channels},
    (_, i) => values[i * channels + channel]!,
  );
}

/** Three bytes for each value. */
export function coloured(values: Float32Array, limit: number): Buffer {
  const rgb = Buffer.alloc(3 * values.length);
  values.forEach((value, i) => rgb.set(activationColour(value, limit), 3 * i));
  return rgb;
}

const meanMagnitude = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
