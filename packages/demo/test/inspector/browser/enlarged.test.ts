// One channel, large: the values under the pointer are the captured tensor's, before and after.
import type {Locator, Page} from 'playwright-core';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {eventually} from '../../../../../test-support/browser/eventually.js';
import {channelOf, coloured, expectMapsOf, limitOfChannel} from './support/expected-maps.js';
import {
  captured,
  drawnOn,
  enlargeChannel,
  openLayer,
  settled,
  shownMaps,
  useInspector,
} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {referenceRun} from './support/reference-run.js';
import type {ReferencePoint} from './support/reference-run.js';

const browser = useChromium();
const open = useInspector(browser, useServer());

const preparation = {range: '0 to 255', longestSide: 128} as const;
const LAYER = 'F_2_1_Relu';
const CHANNEL = 2;
let point: ReferencePoint;
beforeAll(async () => {
  await startWasmBackend();
  const {points} = await referenceRun({id: 'esrgan-slim', preparation});
  point = points.find(({name}) => name === LAYER)!;
});

async function openedLayer(): Promise<Page> {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  await openLayer(page, LAYER);
  return page;
}

async function enlarged(): Promise<Page> {
  const page = await openedLayer();
  await enlargeChannel(page, CHANNEL);
  await page.locator('canvas[data-enlarged]').first().waitFor();
  return page;
}

const stage = (page: Page, side: 'Before' | 'After') =>
  page.getByRole('application', {name: new RegExp(`^${side} `)});

/** Where the channel is largest before its activation, where it is least, and a corner. */
function places(): {row: number; column: number}[] {
  const [, height, width] = point.shape as [number, number, number, number];
  const values = [...channelOf(point.pre, point, CHANNEL)];
  const extremes = [Math.max(...values), Math.min(...values)].map((value) => values.indexOf(value));
  return [...extremes, height * width - 1].map((at) => ({
    row: Math.floor(at / width),
    column: at % width,
  }));
}

/** What the page must tell of a cell: to three digits. */
function valuesAt(row: number, column: number) {
  const width = point.shape[2]!;
  const [before, after] = (['pre', 'post'] as const).map((side) =>
    Number(channelOf(point[side], point, CHANNEL)[row * width + column]!.toPrecision(3)),
  );
  return {row, column, before, after};
}

async function readout(page: Page) {
  const text = (await page.locator('output').innerText()).replaceAll('−', '-');
  const [row, column, before, after] = text.match(/-?\d[\d.]*(e-?\d+)?/g)!.map(Number);
  return {row, column, before, after};
}

async function pointAt(on: Locator, row: number, column: number): Promise<void> {
  const [, height, width] = point.shape as [number, number, number, number];
  const box = (await on.boundingBox())!;
  const position = {
    x: ((column + 0.5) * box.width) / width,
    y: ((row + 0.5) * box.height) / height,
  };
  await on.hover({position});
}

test.each(['Before', 'After'] as const)('%s: what the pointer is over', async (side) => {
  const page = await enlarged();
  const seen = new Set<number | undefined>();
  for (const {row, column} of places()) {
    await pointAt(stage(page, side), row, column);
    const expected = valuesAt(row, column);
    await eventually(async () => expect(await readout(page)).toEqual(expected));
    seen.add(expected.before);
  }
  expect(seen.size).toBeGreaterThan(1);
});

test('arrow keys go from value to value, and stop at the edge', async () => {
  const page = await enlarged();
  await pointAt(stage(page, 'Before'), 1, 2);
  await stage(page, 'After').focus();
  for (const [key, row, column] of [
    ['ArrowDown', 2, 2],
    ['ArrowRight', 2, 3],
    ['ArrowUp', 1, 3],
    ['ArrowLeft', 1, 2],
    ['ArrowUp', 0, 2],
    ['ArrowUp', 0, 2],
  ] as const) {
    await page.keyboard.press(key);
    await eventually(async () => expect(await readout(page)).toEqual(valuesAt(row, column)));
  }
});

test('the next and the previous channel, as the maps are ordered', async () => {
  const page = await openedLayer();
  const order = (await shownMaps(page, 'pre')).map(({channel}) => channel);
  await enlargeChannel(page, order[0]!);
  const title = page.getByRole('dialog').getByRole('heading');
  const next = page.getByRole('button', {name: 'Next channel', exact: true});
  const previous = page.getByRole('button', {name: 'Previous channel', exact: true});
  for (const channel of order) {
    await eventually(async () =>
      expect(await title.innerText()).toBe(`${LAYER} · channel ${channel}`),
    );
    await page.locator(`canvas[data-enlarged="post"][data-channel="${channel}"]`).waitFor();
    await next.focus();
    await page.keyboard.press('Enter');
  }
  // There is none after the last, and the button keeps the focus.
  await eventually(async () =>
    expect(await title.innerText()).toBe(`${LAYER} · channel ${order.at(-1)}`),
  );
  await eventually(async () => expect(await next.getAttribute('aria-disabled')).toBe('true'));
  await next.and(page.locator(':focus')).waitFor();
  await previous.click();
  await eventually(async () =>
    expect(await title.innerText()).toBe(`${LAYER} · channel ${order.at(-2)}`),
  );
});

test('is in the colours of the map behind it, over the image as opaque as asked', async () => {
  const page = await openedLayer();
  await page.getByRole('radio', {name: 'Per map'}).check();
  await settled(page);
  await expectMapsOf(page, point, {scale: 'each'});
  await enlargeChannel(page, CHANNEL);
  const canvases = page.locator('canvas[data-enlarged]');
  await canvases.nth(1).waitFor();
  const limit = limitOfChannel(point, CHANNEL);
  const [before, after] = await drawnOn(canvases);
  for (const [drawn, side] of [
    [before, 'pre'],
    [after, 'post'],
  ] as const) {
    expect(coloured(channelOf(point[side], point, CHANNEL), limit).equals(drawn!.rgb)).toBe(true);
  }

  await page.getByLabel('Map over image').fill('0.4');
  const opacities = await canvases.evaluateAll((all) =>
    all.map((canvas) => getComputedStyle(canvas).opacity),
  );
  expect(opacities).toEqual(['0.4', '0.4']);
});

test('another layer’s map that is smaller is read within its edges', async () => {
  const {page} = await open({query: '?example=mobilenet-v2'});
  await captured(page);
  await page.locator('button:has(canvas[data-side="pre"])').first().click();
  const before = stage(page, 'Before');
  await before.waitFor();
  const box = (await before.boundingBox())!;
  await before.hover({position: {x: box.width - 2, y: box.height - 2}});
  await page.keyboard.press('Escape');
  await page.locator('[data-hook]').last().click();
  await settled(page);
  await page.locator('button:has(canvas[data-side="pre"])').first().click();
  await before.waitFor();
  expect(await page.locator('output').innerText()).not.toContain('NaN');
});

test.each(['Escape', 'Close'])('%s closes it, and the focus returns', async (how) => {
  const page = await openedLayer();
  const tile = page.getByRole('button', {name: new RegExp(`^channel ${CHANNEL} after`)});
  await tile.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  if (how === 'Escape') await page.keyboard.press('Escape');
  else await page.getByRole('button', {name: 'Close'}).click();
  await page.getByRole('dialog').waitFor({state: 'detached'});
  await tile.and(page.locator(':focus')).waitFor();
});
