// The pictures that people take away: the very pixels of the maps, named and explained.
import {activationColour} from '../../../src/image/activation-colours.js';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {
  captured,
  decodedPng,
  enlargeChannel,
  openView,
  savedBy,
  settled,
  shownMaps,
  useInspector,
} from './support/inspector-page.js';
import type {Drawn} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
beforeAll(startWasmBackend);

/** Where a sheet puts things, in pixels. */
const SHEET = {margin: 32, header: 124, sideWidth: 840, gap: 3, bar: {width: 640, height: 20}};

interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One out of `step` pixels each way, of a part that was drawn so much larger. */
function cut({rgb, width}: Drawn, part: Part, step = 1): Buffer {
  const pixels: Buffer[] = [];
  for (let row = 0; row < part.height; row += step) {
    for (let column = 0; column < part.width; column += step) {
      const from = 3 * ((part.top + row) * width + part.left + column);
      pixels.push(rgb.subarray(from, from + 3));
    }
  }
  return Buffer.concat(pixels);
}

const coloursIn = (drawn: Drawn, part: Part): number => {
  const pixels = cut(drawn, part);
  const colours = new Set<number>();
  for (let at = 0; at < pixels.length; at += 3) colours.add(pixels.readUIntBE(at, 3));
  return colours.size;
};

const titleOf = ({width}: Drawn): Part => ({left: 0, top: 0, width, height: 90});
const contentOf = ({width, height}: Drawn): Part => ({
  left: SHEET.margin,
  top: SHEET.header,
  width: width - 2 * SHEET.margin,
  height: height - SHEET.header - SHEET.margin,
});

/** The colour bar, in the middle of the sheet's foot: from −limit to limit. */
function barOf(drawn: Drawn, top: number): Buffer {
  const left = Math.floor((drawn.width - SHEET.bar.width) / 2);
  return cut(drawn, {left, top, width: SHEET.bar.width, height: 1});
}

test('maps, pixel by pixel where the sheet puts them, with a title and the colour bar', async () => {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  const {name, bytes} = await savedBy(page.getByRole('button', {name: 'Save maps as PNG'}));
  expect(name).toBe('ESRGAN-slim-F_1_1_Relu-before-after.png');
  const sheet = await decodedPng(bytes);
  expect(coloursIn(sheet, titleOf(sheet))).toBeGreaterThan(8);

  let left = SHEET.margin;
  let down = 0;
  for (const side of ['pre', 'post'] as const) {
    const maps = await shownMaps(page, side);
    const columns = Math.ceil(Math.sqrt(maps.length));
    const {width, height} = maps[0]!;
    const room = Math.floor(SHEET.sideWidth / columns) - SHEET.gap;
    const times = Math.floor(room / Math.max(width, height));
    const cell = {width: times * width + SHEET.gap, height: times * height + SHEET.gap};
    for (const [place, {channel, rgb}] of maps.entries()) {
      const part = {
        left: left + (place % columns) * cell.width,
        top: SHEET.header + Math.floor(place / columns) * cell.height,
        width: times * width,
        height: times * height,
      };
      const isSame = cut(sheet, part, times).equals(rgb);
      expect({side, channel, isSame}).toEqual({side, channel, isSame: true});
    }
    left += columns * cell.width + SHEET.margin;
    down = Math.ceil(maps.length / columns) * cell.height;
  }
  const bar = barOf(sheet, SHEET.header + down + 24);
  expect([...bar.subarray(0, 3)]).toEqual(activationColour(-1, 1));
  expect([...bar.subarray(-3)]).toEqual(activationColour(1, 1));
});

test('a histogram', async () => {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  const {name, bytes} = await savedBy(page.getByRole('button', {name: 'Save histogram as PNG'}));
  expect(name).toBe('ESRGAN-slim-F_1_1_Relu-histogram.png');
  const sheet = await decodedPng(bytes);
  expect(coloursIn(sheet, titleOf(sheet))).toBeGreaterThan(8);
  // Below 0, above 0, what is around them, and the line.
  expect(coloursIn(sheet, contentOf(sheet))).toBeGreaterThanOrEqual(4);
});

test('an enlarged map, of the edited run', async () => {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  await page.getByRole('radio', {name: 'Scale', exact: true}).check();
  await page.getByRole('button', {name: 'Apply'}).click();
  await page.getByRole('heading', {name: 'Edits'}).waitFor();
  await settled(page);
  await enlargeChannel(page, 2);
  await page.locator('canvas[data-enlarged]').first().waitFor();
  const button = page.getByRole('dialog').getByRole('button', {name: 'Save PNG'});
  const {name, bytes} = await savedBy(button);
  expect(name).toBe('ESRGAN-slim-F_1_1_Relu-channel-2-edited-before-after.png');
  const sheet = await decodedPng(bytes);
  expect(coloursIn(sheet, titleOf(sheet))).toBeGreaterThan(8);
  const half = {...contentOf(sheet), width: 640, height: 640};
  expect(coloursIn(sheet, half)).toBeGreaterThan(16);
  expect(coloursIn(sheet, {...half, left: SHEET.margin + 640 + SHEET.margin})).toBeGreaterThan(16);
});

test('a comparison', async () => {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  await page.getByRole('button', {name: 'Apply'}).click();
  await page.getByRole('heading', {name: 'Edits'}).waitFor();
  await settled(page);
  await openView(page, 'Compare');
  await page.getByRole('button', {name: 'Compare', exact: true}).last().click();
  await page.locator('.uplot').waitFor();
  await settled(page);
  const {name, bytes} = await savedBy(page.getByRole('button', {name: 'Save PNG'}));
  expect(name).toBe('ESRGAN-slim-compared-the_edited_run.png');
  const sheet = await decodedPng(bytes);
  expect(coloursIn(sheet, titleOf(sheet))).toBeGreaterThan(8);
  expect(coloursIn(sheet, contentOf(sheet))).toBeGreaterThan(8);
});

test('a heat map', async () => {
  const {page} = await open({query: '?example=mobilenet-v2'});
  await captured(page);
  await openView(page, 'Grad-CAM');
  await page.locator('canvas[data-heat-map]').waitFor();
  const layer = await page.getByRole('combobox', {name: 'Layer'}).inputValue();
  const {name, bytes} = await savedBy(page.getByRole('button', {name: 'Save PNG'}));
  expect(name).toMatch(/^MobileNetV2-\S+-grad-cam-[a-z]+\.png$/);
  expect(name).toContain(layer.replaceAll('/', '_'));
  const sheet = await decodedPng(bytes);
  expect(coloursIn(sheet, titleOf(sheet))).toBeGreaterThan(8);
  expect(coloursIn(sheet, contentOf(sheet))).toBeGreaterThan(100);
});

test('an output that is an image, pixel by pixel', async () => {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  await openView(page, 'Output');
  const shown = page.locator('[data-output="Output"] canvas');
  const url = await shown.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL('image/png'));
  const {rgb, width, height} = await decodedPng(Buffer.from(url.split(',')[1]!, 'base64'));
  expect([width, height]).toEqual([256, 256]);
  const {name, bytes} = await savedBy(page.getByRole('button', {name: 'Save PNG'}));
  expect(name).toBe('ESRGAN-slim-output.png');
  const sheet = await decodedPng(bytes);
  expect(coloursIn(sheet, titleOf(sheet))).toBeGreaterThan(8);
  const part = {left: SHEET.margin, top: SHEET.header, width, height};
  expect(cut(sheet, part).equals(rgb)).toBe(true);
});

test('classes, before and after an edit', async () => {
  const {page} = await open({query: '?example=mobilenet-v2'});
  await captured(page);
  await page.getByRole('button', {name: 'Apply'}).click();
  await page.getByRole('heading', {name: 'Edits'}).waitFor();
  await settled(page);
  await openView(page, 'Output');
  const {name, bytes} = await savedBy(page.getByRole('button', {name: 'Save PNG'}));
  expect(name).toBe('MobileNetV2-output.png');
  const sheet = await decodedPng(bytes);
  const half = {...contentOf(sheet), width: 460};
  expect(coloursIn(sheet, half)).toBeGreaterThan(8);
  expect(coloursIn(sheet, {...half, left: SHEET.margin + 460 + SHEET.margin})).toBeGreaterThan(8);
});
