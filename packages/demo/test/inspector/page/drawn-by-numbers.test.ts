import {HISTOGRAM_SIZE, histogramShape} from '../../../inspector/page/histogram-shape.js';
import {colouredMap} from '../../../inspector/page/picture/coloured-map.js';
import {regionOf} from '../../../inspector/page/state/input-region.js';
import {activationColour} from '../../../src/image/activation-colours.js';

// Preact is an ES module, which jest does not load here; state takes the signals from it, and nothing else.
jest.mock('@preact/signals', (): unknown => jest.requireActual('@preact/signals-core'));

const {width, height} = HISTOGRAM_SIZE;

test('a histogram’s bars lie on their sides of 0, as high as the roots of their counts', () => {
  const {negative, positive, zero} = histogramShape({edges: [-1, 0, 1, 3], counts: [4, 16, 1]});
  expect(zero).toBe(width / 4);
  expect(negative).toBe(`M0 ${height}V${height / 2}H${width / 4}V${height}z`);
  expect(positive).toBe(
    `M${width / 4} ${height}V0H${width / 2}V${height}z` +
      `M${width / 2} ${height}V${height * 0.75}H${width}V${height}z`,
  );
});

test('a histogram that does not reach 0 has no zero line', () => {
  expect(histogramShape({edges: [1, 2], counts: [1]}).zero).toBeNull();
  expect(histogramShape({edges: [-2, -1], counts: [1]}).zero).toBeNull();
});

test('a histogram of one value, or of none, is drawn without NaN', () => {
  for (const histogram of [
    {edges: [2, 2], counts: [5]},
    {edges: [], counts: []},
  ]) {
    expect(JSON.stringify(histogramShape(histogram))).not.toMatch(/NaN/);
  }
});

test('a map has the colours of its values, opaque, row by row', () => {
  const values = Float32Array.of(-1, 0, 2, NaN, Infinity, 0.5);
  const {rgba, ...size} = colouredMap(values, 3, 2, 2);
  expect(size).toEqual({width: 3, height: 2});
  const wanted = [...values].flatMap((value) => [...activationColour(value, 2), 255]);
  expect([...rgba]).toEqual(wanted);
});

describe('what the model gets of an image', () => {
  const picture = {name: 'a', width: 300, height: 100, rgba: new Uint8ClampedArray(0)};
  const region = (size: {width: number | null; height: number | null}) => {
    const {left, top, ...rest} = regionOf(picture, size);
    return [left, top, rest.width, rest.height];
  };

  it('is all of it where any size will do, or the shape fits', () => {
    expect(region({width: null, height: null})).toEqual([0, 0, 300, 100]);
    expect(region({width: 30, height: 10})).toEqual([0, 0, 300, 100]);
  });

  it('is the middle otherwise', () => {
    expect(region({width: 224, height: 224})).toEqual([100, 0, 100, 100]);
    expect(region({width: 600, height: 100})).toEqual([0, 25, 300, 50]);
  });
});
