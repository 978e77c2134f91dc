// Every view, light and dark, wide and narrow: no fault that axe finds, and nothing that runs over the side.
import {readFileSync} from 'node:fs';
import type {AxeResults} from 'axe-core';
import type {Page} from 'playwright-core';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {
  captured,
  enlargeChannel,
  openView,
  settled,
  useInspector,
} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const browser = useChromium();
const open = useInspector(browser, useServer());

async function expectSound(page: Page, view: string): Promise<void> {
  // Not as a script tag: the policy lets in none.
  await page.evaluate(AXE);
  const {violations} = await page.evaluate(() =>
    (globalThis as unknown as {axe: {run: () => Promise<AxeResults>}}).axe.run(),
  );
  const faults = violations.map(({id, nodes}) => ({
    id,
    at: nodes
      .slice(0, 3)
      .map(({target, failureSummary}) => `${target.join(' ')}: ${failureSummary}`),
  }));
  const overrun = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect({view, faults, overrun}).toEqual({view, faults: [], overrun: 0});
}

describe.each([{colorScheme: 'light'}, {colorScheme: 'dark'}] as const)(
  '$colorScheme',
  (scheme) => {
    test.each([
      {width: 1280, height: 800},
      {width: 390, height: 844},
    ])('$width × $height', async (viewport) => {
      const {page} = await open({...scheme, viewport, reducedMotion: 'reduce'});
      await expectSound(page, 'start');
      await page.getByRole('button', {name: 'MobileNetV2'}).click();
      await page.locator('canvas[data-side]').first().waitFor();
      await settled(page);
      await expectSound(page, 'maps');
      const [first] = await page.locator('canvas[data-side="pre"]').all();
      await enlargeChannel(page, Number(await first!.getAttribute('data-channel')));
      await page.locator('canvas[data-enlarged]').first().waitFor();
      await expectSound(page, 'enlarged');
      await page.keyboard.press('Escape');
      const narrow = viewport.width < 960;
      for (const title of [
        'Output',
        'Compare',
        'Grad-CAM',
        ...(narrow ? ['Outline', 'Tools'] : []),
      ]) {
        await openView(page, title);
        await settled(page);
        await expectSound(page, title);
      }
    });
  },
);

test('everything can be done by keyboard: from an example to an enlarged map', async () => {
  const {page} = await open();
  await page.locator('[data-example="esrgan-slim"]').focus();
  await page.keyboard.press('Enter');
  await captured(page);
  await page.keyboard.press('/');
  await page.getByLabel('Filter layers').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('UPN2');
  await page.locator('[data-hook]').nth(1).waitFor({state: 'detached'});
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {level: 2, name: 'UPN2_Relu'}).waitFor();
  // As long as another layer's maps are there, they can be neither focused nor clicked.
  await settled(page);
  await page.locator('.sides:not([inert]) button:has(canvas[data-side="pre"])').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({state: 'detached'});
});
