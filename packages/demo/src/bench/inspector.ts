/**
 * How fast the inspector is in headless Chromium: from its address to the first maps, capturing and drawing beside plain
 * predict, and scrolling the outline of a model of many layers.
 */
import type {Browser, Page} from 'playwright-core';
import {withInspector} from '../inspect/with-inspector.js';
import {esrganSlimPhoto} from '../models/esrgan-slim.js';
import {startWasmBackend} from '../wasm-backend.js';
import {drawTable} from './draw-table.js';
import {manyLayers} from './many-layers.js';
import {significant} from './number-format.js';
import {medianOf} from './spread.js';

const STARTS = 7;
const ROUNDS = 15;
const LAYERS = 300;

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly budget: string;
}

/** What scripts put on `globalThis` inside the page. */
interface InPage {
  readonly firstMaps?: number;
  readonly measureEngine: (
    rounds: number,
  ) => Promise<Readonly<Record<'predict' | 'captureAndMaps', readonly number[]>>>;
}

/** Seconds from the address to the first maps, all files being in the browser's cache. */
async function warmStart(browser: Browser, url: string): Promise<Row> {
  const context = await browser.newContext();
  await context.addInitScript(NOTE_FIRST_MAPS);
  const seconds: number[] = [];
  for (let start = 0; start <= STARTS; start++) {
    const page = await context.newPage();
    await page.goto(`${url}?example=esrgan-slim`);
    const found = await page.waitForFunction(() => (globalThis as unknown as InPage).firstMaps);
    // The first visit fills the cache.
    if (start > 0) seconds.push(Number(await found.jsonValue()) / 1000);
    await page.close();
  }
  await context.close();
  return {
    what: `warm start to the first maps of ESRGAN-slim, median of ${STARTS}`,
    measured: `${significant(medianOf(seconds))} s (${rangeOf(seconds)})`,
    budget: '3 s',
  };
}

/** Runs in the page: notes when a frame first shows a map that is drawn. */
const NOTE_FIRST_MAPS = `(function look() {
  const map = document.querySelector('canvas[data-side="post"]');
  if (map !== null && map.width > 1) globalThis.firstMaps = performance.now();
  else requestAnimationFrame(look);
})()`;

async function captureBesidePredict(browser: Browser, url: string): Promise<Row> {
  const page = await browser.newPage();
  await page.goto(`${url}bench/index.html`);
  await page.waitForFunction(() => 'measureEngine' in globalThis);
  const {predict, captureAndMaps} = await page.evaluate(
    (rounds) => (globalThis as unknown as InPage).measureEngine(rounds),
    ROUNDS,
  );
  await page.close();
  const ratios = captureAndMaps.map((time, round) => time / (predict[round] ?? NaN));
  return {
    what: `ESRGAN-slim, 128²: capture and 64 maps on both sides ÷ predict, median of ${ROUNDS}`,
    measured:
      `${significant(medianOf(ratios))} × (${rangeOf(ratios)}; ` +
      `${significant(medianOf(captureAndMaps))} ms ÷ ${significant(medianOf(predict))} ms)`,
    budget: '1.5 ×',
  };
}

async function scrolling(browser: Browser, url: string): Promise<Row[]> {
  const page = await browser.newPage({viewport: {width: 1280, height: 800}});
  await page.goto(url);
  await page.locator('[data-example]').first().waitFor();
  const pick = (label: string) => page.locator(`input[type=file][aria-label="${label}"]`);
  await pick('Choose an image').setInputFiles(esrganSlimPhoto);
  await pick('Choose model files').setInputFiles(await manyLayers(LAYERS));
  await page
    .locator('[data-hook]')
    .nth(LAYERS - 1)
    .waitFor({state: 'attached'});
  await page.locator('.status[data-busy="false"]').waitFor({state: 'attached'});
  const {longTasks, gaps, distance} = await scrollDown(page);
  await page.close();
  const what = `outline of ${LAYERS} layers, scrolled ${Math.round(distance)} px`;
  return [
    {
      what: `${what}: longest task`,
      measured:
        longTasks.length === 0 ? 'none over 50 ms' : `${Math.round(Math.max(...longTasks))} ms`,
      budget: '100 ms',
    },
    {
      what: `${what}: longest gap between frames`,
      measured: `${Math.round(Math.max(...gaps))} ms (median ${Math.round(medianOf(gaps))} ms)`,
      budget: '100 ms',
    },
  ];
}

interface Scrolled {
  /** Milliseconds of each task over 50 ms. */
  readonly longTasks: readonly number[];
  /** Milliseconds between one frame and the next. */
  readonly gaps: readonly number[];
  /** Pixels. */
  readonly distance: number;
}

/** From top to bottom, a hundred pixels each frame. */
const scrollDown = (page: Page): Promise<Scrolled> => page.evaluate(SCROLL_DOWN);

/** Runs in the page. Text, since this project knows no DOM. */
const SCROLL_DOWN = `new Promise((resolve) => {
  let box = document.querySelector('[role="tree"]');
  while (box !== null && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
  box ??= document.scrollingElement;
  const longTasks = [];
  const gaps = [];
  const observer = new PerformanceObserver((list) => {
    for (const {duration} of list.getEntries()) longTasks.push(duration);
  });
  observer.observe({entryTypes: ['longtask']});
  box.scrollTop = 0;
  let last = null;
  let isOver = false;
  requestAnimationFrame(function step(now) {
    if (last !== null) gaps.push(now - last);
    last = now;
    if (isOver) {
      // Long tasks are told after they end.
      setTimeout(() => resolve({longTasks, gaps, distance: box.scrollTop}), 200);
      return;
    }
    const before = box.scrollTop;
    box.scrollTop += 100;
    isOver = box.scrollTop === before;
    requestAnimationFrame(step);
  });
})`;

const rangeOf = (values: readonly number[]): string =>
  `${significant(Math.min(...values))} to ${significant(Math.max(...values))}`;

await startWasmBackend();
const rows: Row[] = [];
await withInspector(
  async (browser, url) => {
    rows.push(await warmStart(browser, url));
    rows.push(await captureBesidePredict(browser, url));
    rows.push(...(await scrolling(browser, url)));
  },
  ['index.html', 'bench/index.html'],
);
const head = ['inspector', 'measured', 'budget'];
console.log(drawTable({head, rows: rows.map((row) => [row.what, row.measured, row.budget])}));
