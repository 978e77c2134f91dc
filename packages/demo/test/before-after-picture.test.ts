import {join} from 'node:path';
import sharp from 'sharp';
import {activationColour} from '../src/image/activation-colours.js';
import {writeBeforeAfterPicture} from '../src/image/before-after-picture.js';
import {drawFeatureGrid} from '../src/image/feature-grid.js';
import {renderLabel} from '../src/image/label.js';
import {temporaryFolder} from './temporary-folder.js';

const folder = temporaryFolder();

async function pixelsOf(path: string) {
  const {data, info} = await sharp(path).removeAlpha().raw().toBuffer({resolveWithObject: true});
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3).subarray(0, 3)];
  const lightValues = (from: number, to: number) =>
    data.subarray(from * info.width * 3, to * info.width * 3).filter((byte) => byte > 180).length;
  return {...info, at, lightValues};
}

test('a grid has one map per channel, and one value per pixel', () => {
  // Two channels of 2 × 3: 1 … 6 and their negatives.
  const values = [1, 2, 3, 4, 5, 6].flatMap((value) => [value, -value]);
  const grid = drawFeatureGrid({values, shape: [1, 2, 3, 2]}, 6, [9, 9, 9]);
  const enlarge = 172;
  expect([grid.width, grid.height]).toEqual([2 * 3 * enlarge + 2, 2 * enlarge]);
  const at = (x: number, y: number) => [
    ...grid.data.subarray((y * grid.width + x) * 3).subarray(0, 3),
  ];
  for (const [index, value] of [1, 2, 3, 4, 5, 6].entries()) {
    const x = (index % 3) * enlarge + 80;
    const y = Math.floor(index / 3) * enlarge + 80;
    expect(at(x, y)).toEqual(activationColour(value, 6));
    expect(at(3 * enlarge + 2 + x, y)).toEqual(activationColour(-value, 6));
  }
});

test.each([
  {shape: [1, 224, 224, 64], size: [910, 910]},
  {shape: [1, 7, 7, 1280], size: [1022, 1022]},
  {shape: [2, 1000], size: [1038, 1038]},
  {shape: [1, 500, 3], size: [7, 250]},
])('a grid of $shape stays within its bounds', ({shape, size}) => {
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
  const grid = drawFeatureGrid({values, shape}, 1, [9, 9, 9]);
  expect([grid.width, grid.height]).toEqual(size);
});

test('places without a map show the ground', () => {
  const grid = drawFeatureGrid({values: [1, 1, 1, 1, 1], shape: [1, 5]}, 1, [9, 9, 9]);
  expect([...grid.data.subarray(-3)]).toEqual([9, 9, 9]);
});

test('writes both sides in one scale: what ReLU stops goes from blue to black', async () => {
  const before = Float32Array.from({length: 8 * 8 * 4}, (_, index) => (index % 3) - 1.5);
  const after = before.map((value) => Math.max(0, value));
  const path = join(folder, 'layer.png');
  const shape = [1, 8, 8, 4];
  await writeBeforeAfterPicture(path, {
    layer: 'a < b & c',
    activation: 'relu',
    before: {values: before, shape},
    after: {values: after, shape},
    zeroBefore: 0,
    zeroAfter: 2 / 3,
    dead: 2 / 3,
  });
  const picture = await pixelsOf(path);
  expect(picture).toMatchObject({format: 'raw', channels: 3});
  expect([picture.width, picture.height]).toEqual([2 * 1026 + 3 * 32, 150 + 1026 + 120]);

  const isBlack = (x: number, y: number) => picture.at(x, y).every((byte) => byte === 0);
  let black = {before: 0, after: 0};
  for (let row = 0; row < 16; row++) {
    for (let column = 0; column < 16; column++) {
      const [x, y] = [32 + 32 + column * 64, 150 + 32 + row * 64];
      const [left, right] = [picture.at(x, y), picture.at(x + 1026 + 32, y)];
      black = {
        before: black.before + Number(isBlack(x, y)),
        after: black.after + Number(isBlack(x + 1026 + 32, y)),
      };
      // Where something is left after the ReLU, it looks as it did before.
      if (!isBlack(x + 1026 + 32, y)) expect(right).toEqual(left);
    }
  }
  expect(black.before).toBe(0);
  expect(black.after / 256).toBeCloseTo(2 / 3, 1);

  // There is writing above the panels, and below the colour bar.
  expect(picture.lightValues(0, 60)).toBeGreaterThan(1000);
  expect(picture.lightValues(picture.height - 50, picture.height)).toBeGreaterThan(500);
});

test('letters differ: the font is there', async () => {
  const style = {size: 40, colour: '#ffffff'};
  const [narrow, wide] = [await renderLabel('iiii', style), await renderLabel('mmmm', style)];
  expect(wide.width).toBeGreaterThan(2.5 * narrow.width);
});
