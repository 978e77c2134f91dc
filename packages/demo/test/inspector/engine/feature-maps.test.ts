import {channelValues, drawMaps} from '../../../inspector/engine/feature-maps.js';
import {KeptRun} from '../../../inspector/engine/kept-run.js';
import type {CapturedPoint} from '../../../inspector/engine/run-model.js';
import {describePoint} from '../../../inspector/engine/hook-summary.js';
import {activationColour} from '../../../src/image/activation-colours.js';
import {colourLimit} from '../../../src/image/colour-limit.js';
import {capturedOf, pointOf} from './captured.js';

/** One number per place, so that it says where it comes from: 1000 o + 100 c + 10 y + x. */
const placed = (shape: readonly number[], valueAt: (place: readonly number[]) => number) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return Float32Array.from({length: size}, (_, flat) => {
    let rest = flat;
    const place = shape.map((_, axis) => {
      const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
      const index = Math.floor(rest / inner);
      rest -= index * inner;
      return index;
    });
    return valueAt(place);
  });
};

const keep = (...points: CapturedPoint[]): KeptRun => new KeptRun(capturedOf(points));

function mapOf(shape: readonly number[], channelAxis: number, channel: number): number[][] {
  const values = placed(shape, (place) => Number(place.join('')));
  const run = keep(pointOf({shape, channelAxis, pre: values, post: values.map((value) => -value)}));
  const {height, width, pre, post} = channelValues(run, 0, channel);
  expect([...post]).toEqual([...pre].map((value) => -value));
  expect(pre).toHaveLength(height * width);
  return Array.from({length: height}, (_, row) => [
    ...pre.subarray(row * width, (row + 1) * width),
  ]);
}

describe('the map of a channel', () => {
  test('channels last', () => {
    expect(mapOf([2, 2, 3, 4], 3, 2)).toEqual([
      [2, 12, 22],
      [102, 112, 122],
    ]);
  });
  test('channels first', () => {
    expect(mapOf([2, 4, 2, 3], 1, 2)).toEqual([
      [200, 201, 202],
      [210, 211, 212],
    ]);
  });
  test('a vector: one value each', () => expect(mapOf([2, 5], 1, 3)).toEqual([[3]]));
  test('no batch', () => expect(mapOf([5], 0, 3)).toEqual([[3]]));
  test('a single number', () => expect(mapOf([], 0, 0)).toEqual([[0]]));
  test('a sequence: one step below another', () => {
    expect(mapOf([2, 3, 4], 2, 1)).toEqual([[1], [11], [21]]);
  });
  test('a volume: slices below one another', () => {
    expect(mapOf([1, 2, 2, 3, 4], 4, 1)).toEqual([
      [1, 11, 21],
      [101, 111, 121],
      [1001, 1011, 1021],
      [1101, 1111, 1121],
    ]);
  });
  test('a volume with channels first', () => {
    expect(mapOf([1, 4, 2, 2, 3], 1, 1)).toEqual([
      [1000, 1001, 1002],
      [1010, 1011, 1012],
      [1100, 1101, 1102],
      [1110, 1111, 1112],
    ]);
  });
  test('channels between steps and places', () => {
    expect(mapOf([1, 2, 3, 2, 2], 2, 1)).toEqual([
      [100, 101],
      [110, 111],
      [1100, 1101],
      [1110, 1111],
    ]);
  });
});

describe('pixels', () => {
  const shape = [1, 4, 5, 6];
  const pre = placed(shape, ([, y, x, c]) => Math.sin(7 * y! + 3 * x! + c!) * (c! + 1));
  pre[0] = NaN;
  pre[6] = Infinity;
  pre[12] = -Infinity;
  pre[18] = -0;
  const post = pre.map((value) => Math.max(0, value));
  const run = keep(pointOf({shape, channelAxis: 3, pre, post}));

  /** As many values as pixels, and each in its colour. */
  function expectColours(channels: readonly number[], scale: 'shared' | 'each'): number[] {
    const sides = (['pre', 'post'] as const).map((side) => {
      const picture = drawMaps(run, {hook: 0, side, channels, scale});
      expect(picture).toMatchObject({height: 4, width: 5});
      const expected = channels.flatMap((channel, index) =>
        [...channelValues(run, 0, channel)[side]].flatMap((value) => [
          ...activationColour(value, picture.limits[index]!),
          255,
        ]),
      );
      expect([...picture.rgba]).toEqual(expected);
      return picture.limits;
    });
    // Before and after alike.
    expect(sides[1]).toEqual(sides[0]);
    return [...sides[0]!];
  }

  test('are the colours of the values, in the order that is asked for', () => {
    const limits = expectColours([4, 0, 5], 'shared');
    expect(limits).toEqual([colourLimit(pre), colourLimit(pre), colourLimit(pre)]);
  });

  test('on a scale for each channel', () => {
    const limits = expectColours([5, 0], 'each');
    expect(limits[0]).toBeGreaterThan(2 * limits[1]!);
    expect(limits[0]).toBe(colourLimit(channelValues(run, 0, 5).pre));
  });

  test('the scale does not depend on which channels are asked for', () => {
    expect(expectColours([0], 'shared')).toEqual(expectColours([5], 'shared'));
  });

  test('a scale ends where the larger side does', () => {
    // What comes out of a sigmoid is larger than what goes in near 0.
    const small = keep(
      pointOf({
        shape: [1, 2],
        channelAxis: 1,
        pre: Float32Array.of(0.01, -0.01),
        post: Float32Array.of(0.5025, 0.4975),
      }),
    );
    const {limits} = drawMaps(small, {hook: 0, side: 'pre', channels: [0], scale: 'shared'});
    expect(limits).toEqual([0.51]);
  });

  test('a map of zeros is black, and its side sets no scale', () => {
    const dead = keep(
      pointOf({
        shape: [1, 1],
        channelAxis: 1,
        pre: Float32Array.of(-0.01),
        post: new Float32Array(1),
      }),
    );
    const {limits, rgba} = drawMaps(dead, {hook: 0, side: 'post', channels: [0], scale: 'each'});
    expect([...rgba]).toEqual([0, 0, 0, 255]);
    expect(limits).toEqual([0.01]);
  });

  test('zeros alone are black on a scale of 1', () => {
    const zeros = keep(pointOf({shape: [1, 2], pre: new Float32Array(2)}));
    for (const scale of ['shared', 'each'] as const) {
      const {limits, rgba} = drawMaps(zeros, {hook: 0, side: 'pre', channels: [1], scale});
      expect(limits).toEqual([1]);
      expect([...rgba]).toEqual([0, 0, 0, 255]);
    }
  });

  test('what does not exist is said in a sentence', () => {
    const request = {side: 'pre', channels: [6], scale: 'shared'} as const;
    expect(() => drawMaps(run, {...request, hook: 0})).toThrow('has channels 0 to 5, got 6.');
    expect(() => drawMaps(run, {...request, hook: 3})).toThrow('has 1 activations, got number 3.');
    expect(() => channelValues(run, 0, -1)).toThrow('got -1.');
  });
});

test('what is worked out again is what was known', () => {
  const pre = Float32Array.of(-1, 2, NaN, -3);
  const point = pointOf({shape: [1, 2, 2], channelAxis: 2, pre, post: pre});
  expect(keep(point).channels(0)).toEqual(describePoint(point, 0).channels);
});
