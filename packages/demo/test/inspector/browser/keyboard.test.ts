// Keys that mean something to the whole page mean nothing while a dialog is open or something is typed.
import type {Page} from 'playwright-core';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {captured, openLayer, useInspector} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';

const browser = useChromium();
const open = useInspector(browser, useServer());

async function openedLayer(): Promise<Page> {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  await openLayer(page, 'F_2_1_Relu');
  return page;
}

const filter = (page: Page) => page.getByLabel('Filter layers');
const selected = (page: Page) => page.locator('[aria-selected="true"]').getAttribute('data-hook');

test('in an open dialog, also where nothing has the focus', async () => {
  const page = await openedLayer();
  await page.locator('button:has(canvas[data-side="pre"])').first().click();
  await page.getByRole('dialog').waitFor();
  const title = page.getByRole('dialog').getByRole('heading');
  const channel = await title.innerText();
  for (const where of ['dialog', 'nowhere'] as const) {
    if (where === 'nowhere') {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    }
    for (const key of ['/', 'ArrowDown', 'ArrowLeft']) await page.keyboard.press(key);
    expect(await filter(page).and(page.locator(':focus')).count()).toBe(0);
    expect(await filter(page).inputValue()).toBe('');
    expect(await title.innerText()).toBe(channel);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({state: 'detached'});
  expect(await selected(page)).toBe('F_2_1_Relu');
});

test('in a field', async () => {
  const page = await openedLayer();
  await filter(page).fill('relu');
  await page.keyboard.press('/');
  expect(await filter(page).inputValue()).toBe('relu/');
  await filter(page).fill('');
  await page.getByRole('radio', {name: 'Clamp'}).check();
  await page.getByLabel('Least').focus();
  for (const key of ['/', 'ArrowUp', 'ArrowDown', 'Escape']) await page.keyboard.press(key);
  await page.getByLabel('Least').and(page.locator(':focus')).waitFor();
  expect(await selected(page)).toBe('F_2_1_Relu');
  await page.getByLabel('Backend').focus();
  await page.keyboard.press('/');
  await page.getByLabel('Backend').and(page.locator(':focus')).waitFor();
});

test('with keys that are the browser’s', async () => {
  const page = await openedLayer();
  const row = page.locator('[data-hook="F_2_1_Relu"]');
  await row.focus();
  // Awaited: a key that is faster than who listens would never be seen.
  await page.evaluate(() => {
    addEventListener('keydown', ({key, defaultPrevented}) => {
      if (key === 'ArrowLeft') document.body.dataset.taken = `${defaultPrevented}`;
    });
  });
  await page.keyboard.press('Control+ArrowLeft');
  await page.locator('body[data-taken]').waitFor();
  expect(await page.locator('body').getAttribute('data-taken')).toBe('false');
  await page.keyboard.press('ArrowDown');
  await page.locator('[data-hook="UPN1_Relu"]').and(page.locator(':focus')).waitFor();
});
