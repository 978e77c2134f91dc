/** `npm run inspect:screenshots [-- DIR]`: pictures of the inspector's views, for the documents unless told otherwise. */
import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Page} from 'playwright-core';
import {withInspector} from './inspect/with-inspector.js';

const LIGHT = {suffix: '', colorScheme: 'light', viewport: {width: 1280, height: 800}} as const;
const LOOKS = [
  LIGHT,
  {...LIGHT, suffix: '-dark', colorScheme: 'dark'},
  {...LIGHT, suffix: '-narrow', viewport: {width: 390, height: 844}},
] as const;

interface Screenshot {
  /** Of its file: inspector-<name>.png. */
  readonly name: string;
  /** All of them unless given. */
  readonly looks?: readonly (typeof LOOKS)[number][];
  readonly query: string;
  /** From the page as it opens to the view that is shown. */
  readonly goTo: (page: Page) => Promise<void>;
}

const openView = (page: Page, title: string): Promise<void> =>
  page.getByRole('navigation', {name: 'Views'}).getByRole('button', {name: title}).click();

const settled = async (page: Page): Promise<void> => {
  await page.locator('.status[data-busy="false"]').waitFor({state: 'attached'});
  await page.locator('article.layer[aria-busy="true"]').waitFor({state: 'detached'});
};

const openLayer = async (page: Page, name: string): Promise<void> => {
  await page.locator(`[data-hook="${name}"]`).click();
  await page.getByRole('heading', {level: 2, name}).waitFor();
  await settled(page);
};

/** Ablates the three most active channels of a layer of MobileNetV2. */
const edit = async (page: Page): Promise<void> => {
  await page.locator('canvas[data-side]').first().waitFor();
  await openLayer(page, 'block_4_expand_relu');
  await page.getByRole('button', {name: 'Select channels', exact: true}).click();
  for (const place of [0, 1, 2]) await page.locator('button.map').nth(place).click();
  await page.getByRole('button', {name: 'Select channels', exact: true}).click();
  await page.getByRole('button', {name: 'Apply'}).click();
  await page.locator('[data-change]').first().waitFor();
};

const screenshots: readonly Screenshot[] = [
  {name: 'start', query: '', goTo: (page) => page.locator('[data-example]').first().waitFor()},
  {
    name: 'maps',
    query: '?example=esrgan-slim',
    goTo: async (page) => {
      await page.locator('canvas[data-side]').first().waitFor();
      // On narrow screens the outline is elsewhere, and the first layer is shown.
      if (await page.locator('[data-hook]').first().isVisible()) await openLayer(page, 'UPN2_Relu');
    },
  },
  {
    name: 'enlarged',
    looks: [LIGHT],
    query: '?example=esrgan-slim',
    goTo: async (page) => {
      await page.locator('canvas[data-side]').first().waitFor();
      await openLayer(page, 'F_2_1_Relu');
      await page.locator('button.map').nth(2).click();
      const stage = page.getByRole('application', {name: /^Before/});
      await stage.waitFor();
      await stage.hover();
    },
  },
  {name: 'edit', looks: [LIGHT], query: '?example=mobilenet-v2', goTo: edit},
  {
    name: 'compare',
    looks: [LIGHT],
    query: '?example=mobilenet-v2',
    goTo: async (page) => {
      await edit(page);
      await openView(page, 'Compare');
      await page.getByRole('button', {name: 'Compare', exact: true}).last().click();
      await page.locator('.uplot').waitFor();
    },
  },
  {
    name: 'grad-cam',
    query: '?example=mobilenet-v2',
    goTo: async (page) => {
      await page.locator('canvas[data-side]').first().waitFor();
      await openView(page, 'Grad-CAM');
      await page.locator('canvas[data-heat-map]').waitFor();
    },
  },
];

const [folder = fileURLToPath(new URL('../docs', import.meta.url))] = process.argv.slice(2);

await withInspector(async (browser, url) => {
  for (const {name, looks = LOOKS, query, goTo} of screenshots) {
    for (const {suffix, ...look} of looks) {
      const page = await browser.newPage({...look, reducedMotion: 'reduce'});
      await page.goto(`${url}${query}`);
      await goTo(page);
      await settled(page);
      const path = resolve(folder, `inspector-${name}${suffix}.png`);
      await page.screenshot({path});
      console.log(path);
      await page.close();
    }
  }
});
