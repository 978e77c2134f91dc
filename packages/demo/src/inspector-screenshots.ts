/** `npm run inspect:screenshots`: pictures of the inspector's views for the documents. */
import {fileURLToPath} from 'node:url';
import type {Page} from 'playwright-core';
import {withInspector} from './inspect/with-inspector.js';

const WIDE = {width: 1280, height: 800};
const NARROW = {width: 390, height: 844};

interface Screenshot {
  /** Of its file: docs/inspector-<name>.png. */
  readonly name: string;
  readonly query: string;
  /** From the page as it opens to the view that is shown. */
  readonly goTo: (page: Page) => Promise<void>;
}

const openView = (page: Page, title: string): Promise<void> =>
  page.getByRole('navigation', {name: 'Views'}).getByRole('button', {name: title}).click();

const openLayer = async (page: Page, name: string): Promise<void> => {
  await page.locator(`[data-hook="${name}"]`).click();
  await page.getByRole('heading', {level: 2, name}).waitFor();
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
    name: 'grad-cam',
    query: '?example=mobilenet-v2',
    goTo: async (page) => {
      await page.locator('canvas[data-side]').first().waitFor();
      await openView(page, 'Grad-CAM');
      await page.locator('canvas[data-heat-map]').waitFor();
    },
  },
];

const looks = [
  {suffix: '', colorScheme: 'light', viewport: WIDE},
  {suffix: '-dark', colorScheme: 'dark', viewport: WIDE},
  {suffix: '-narrow', colorScheme: 'light', viewport: NARROW},
] as const;

await withInspector(async (browser, url) => {
  for (const {suffix, ...look} of looks) {
    for (const {name, query, goTo} of screenshots) {
      const page = await browser.newPage({...look, reducedMotion: 'reduce'});
      await page.goto(`${url}${query}`);
      await goTo(page);
      await page.locator('.status[data-busy="false"]').waitFor({state: 'attached'});
      await page.locator('article.layer[aria-busy="true"]').waitFor({state: 'detached'});
      const path = fileURLToPath(
        new URL(`../docs/inspector-${name}${suffix}.png`, import.meta.url),
      );
      await page.screenshot({path});
      console.log(path);
      await page.close();
    }
  }
});
