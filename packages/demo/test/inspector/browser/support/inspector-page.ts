/** The inspector's page as its tests drive it: all that they know of its elements is here. */
import type {Browser, BrowserContextOptions, Locator, Page} from 'playwright-core';
import sharp from 'sharp';
import type {Side} from '../../../../inspector/protocol/feature-maps.js';
import {openPage} from '../../../../../../test-support/browser/watched-page.js';
import type {WatchedPage} from '../../../../../../test-support/browser/watched-page.js';
import type {InspectorServer} from './inspector-server.js';

export interface InspectorRequest extends BrowserContextOptions {
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

export interface ShownMap {
  readonly channel: number;
  readonly height: number;
  readonly width: number;
  /** Three bytes for each pixel, row by row. */
  readonly rgb: Uint8Array;
}

/** All maps of a side that the page shows, in their order. */
export async function shownMaps(page: Page, side: Side): Promise<ShownMap[]> {
  const maps = await page.locator(`canvas[data-side="${side}"]`).evaluateAll((canvases) =>
    (canvases as HTMLCanvasElement[]).map((canvas) => ({
      channel: Number(canvas.dataset['channel']),
      png: canvas.toDataURL('image/png'),
    })),
  );
  return Promise.all(
    maps.map(async ({channel, png}) => {
      const file = Buffer.from(png.slice(png.indexOf(',') + 1), 'base64');
      const {data, info} = await sharp(file)
        .removeAlpha()
        .raw()
        .toBuffer({resolveWithObject: true});
      return {channel, height: info.height, width: info.width, rgb: data};
    }),
  );
}
