import {activationColour} from '../src/image/activation-colours.js';
import {colourLimit} from '../src/image/colour-limit.js';

/** Relative luminance as in WCAG. */
function luminance([red, green, blue]: readonly number[]): number {
  const linear = [red, green, blue].map((byte) => ((byte! / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}

const shares = Array.from({length: 50}, (_, index) => (index + 1) / 50);

test('0 is black, and nothing else is near it', () => {
  expect(activationColour(0, 1)).toEqual([0, 0, 0]);
  expect(activationColour(-0, 1)).toEqual([0, 0, 0]);
  for (const tiny of [1e-9, -1e-9])
    expect(Math.max(...activationColour(tiny, 1))).toBeGreaterThan(80);
});

test.each([1, -1])('the farther from 0, the lighter (sign %d)', (sign) => {
  const lights = shares.map((share) => luminance(activationColour(sign * share, 1)));
  for (const [index, light] of lights.slice(1).entries())
    expect(light).toBeGreaterThan(lights[index]!);
});

test('the same distance from 0 has the same lightness on both sides', () => {
  for (const share of shares) {
    const [above, below] = [activationColour(share, 1), activationColour(-share, 1)].map(luminance);
    expect(Math.abs(Math.cbrt(above!) - Math.cbrt(below!))).toBeLessThan(0.06);
  }
});

test('above 0 has more red than blue, below it more blue than red', () => {
  for (const share of shares) {
    const [red, , blue] = activationColour(share, 1);
    expect(red).toBeGreaterThan(blue);
    const [redBelow, , blueBelow] = activationColour(-share, 1);
    expect(blueBelow).toBeGreaterThan(redBelow);
  }
});

test('values beyond the limit have its colour, NaN one of its own', () => {
  expect(activationColour(7, 1)).toEqual(activationColour(1, 1));
  expect(activationColour(-Infinity, 1)).toEqual(activationColour(-1, 1));
  expect(activationColour(NaN, 1)).toEqual([255, 0, 255]);
});

test('the limit leaves zeros, extremes and what is not finite out', () => {
  const values = Array.from({length: 1000}, (_, index) => (index % 2 ? 1 : -1) * index);
  expect(colourLimit([...values, 1e9, NaN, Infinity])).toBe(990);
  expect(colourLimit([0, 0, 0.0123])).toBeCloseTo(0.013, 10);
  expect(colourLimit([0, NaN])).toBe(1);
});

test('the limit is that of all channels, however many values there are', () => {
  // Of so many values every 64th alone would be looked at.
  const values = new Float32Array(64 * 50_000).map((_, index) => (index % 64 === 0 ? 0.01 : 1));
  expect(colourLimit(values)).toBe(1);
});
