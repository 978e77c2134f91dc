/** The inspector's page as its tests drive it: all that they know of its elements is here. */
import {readFileSync} from 'node:fs';
import type {Browser, Locator, Page} from 'playwright-core';
import sharp from 'sharp';
import type {Side} from '../../../../inspector/protocol/feature-maps.js';
import {eventually} from '../../../../../../test-support/browser/eventually.js';
import {openPage} from '../../../../../../test-support/browser/watched-page.js';
import type {
  PageOptions,
  WatchedPage,
} from '../../../../../../test-support/browser/watched-page.js';
import type {InspectorServer} from './inspector-server.js';

export interface InspectorRequest extends PageOptions {
  /** Of its address: '?example=esrgan-slim'. */
  readonly query?: string;
}

export type InspectorPage = WatchedPage<object>;

/** A page for each test. Whatever it complains of fails the test, unless that takes it out of `complaints`. */
export function useInspector(
  browser: () => Browser,
  server: () => InspectorServer,
): (request?: InspectorRequest) => Promise<InspectorPage> {
  let opened: InspectorPage | null = null;
  afterEach(async () => {
    const complaints = opened?.complaints ?? [];
    await opened?.close();
    opened = null;
    expect(complaints).toEqual([]);
  });
  return async ({query = '', ...options} = {}) => {
    opened = await openPage(browser(), `${server().url}${query}`, options);
    // Before that, nobody listens to what is dropped.
    await opened.page.locator('[data-example], [data-hook]').first().waitFor();
    return opened;
  };
}

/** Until nothing runs, and the layer that is shown is the chosen one. */
export async function settled(page: Page): Promise<void> {
  await page.locator('.status[data-busy="false"]').waitFor({state: 'attached'});
  await page.locator('article.layer[aria-busy="true"]').waitFor({state: 'detached'});
}

/** Until a model has run. */
export async function captured(page: Page): Promise<void> {
  await page.locator('[data-hook]').first().waitFor();
  await settled(page);
}

/** The hook points of the outline, by their full names, from top to bottom. */
export const outlined = (page: Page): Promise<string[]> =>
  page
    .locator('[data-hook]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-hook') ?? ''));

/** Waits for these hook points in the outline, from top to bottom: another model's may still be there. */
export async function expectOutlined(page: Page, names: readonly string[]): Promise<void> {
  await eventually(async () => expect(await outlined(page)).toEqual(names));
}

export async function openLayer(page: Page, name: string): Promise<void> {
  await page.locator(`[data-hook=${JSON.stringify(name)}]`).click();
  await page.getByRole('heading', {level: 2, name: name.split('/').at(-1)!, exact: true}).waitFor();
  await settled(page);
}

/** 'Maps', 'Output', 'Compare', 'Grad-CAM'; 'Outline' and 'Tools' on narrow screens. */
export const openView = (page: Page, title: string): Promise<void> =>
  page.getByRole('navigation', {name: 'Views'}).getByRole('button', {name: title}).click();

export const enlargeChannel = (page: Page, channel: number): Promise<void> =>
  page.getByRole('button', {name: new RegExp(`^channel ${channel} before`)}).click();

export const alert = (page: Page): Locator => page.getByRole('alert');

/** What is drawn on a canvas. */
export interface Drawn {
  readonly height: number;
  readonly width: number;
  /** Three bytes for each pixel, row by row. */
  readonly rgb: Buffer;
}

export interface ShownMap extends Drawn {
  readonly channel: number;
}

/** All maps of a side that the page shows, in their order. */
export async function shownMaps(page: Page, side: Side): Promise<ShownMap[]> {
  const canvases = page.locator(`canvas[data-side="${side}"]`);
  const channels = await canvases.evaluateAll((all) =>
    all.map((canvas) => Number((canvas as HTMLCanvasElement).dataset['channel'])),
  );
  const drawn = await drawnOn(canvases);
  return drawn.map((each, place) => ({...each, channel: channels[place]!}));
}

/** What is drawn on each of these canvases. */
export async function drawnOn(canvases: Locator): Promise<Drawn[]> {
  const urls = await canvases.evaluateAll((all) =>
    all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL('image/png')),
  );
  return Promise.all(
    urls.map((url) => decodedPng(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'))),
  );
}

export async function decodedPng(file: Buffer): Promise<Drawn> {
  const {data, info} = await sharp(file).removeAlpha().raw().toBuffer({resolveWithObject: true});
  return {height: info.height, width: info.width, rgb: data};
}

/** The file that the page gives when a button is pressed. */
export async function savedBy(button: Locator): Promise<{name: string; bytes: Buffer}> {
  const download = button.page().waitForEvent('download');
  await button.click();
  const file = await download;
  return {name: file.suggestedFilename(), bytes: readFileSync(await file.path())};
}
