/** The inspector's page in a browser, before an engine with made-up layers: what it shows, takes and gives. */
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import type {Locator, Page} from 'playwright-core';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {eventually} from '../../../../../test-support/browser/eventually.js';
import {openPage} from '../../../../../test-support/browser/watched-page.js';
import type {WatchedPage} from '../../../../../test-support/browser/watched-page.js';
import type {Engine} from '../../../inspector/protocol/engine.js';
import type {Side} from '../../../inspector/protocol/feature-maps.js';
import {createFakeEngine} from '../page/fake-engine.js';
import {servePage} from '../page/serve-page.js';
import type {ServedPage} from '../page/serve-page.js';

const browser = useChromium();
let served: ServedPage;
let watched: WatchedPage<object>;
let page: Page;
beforeAll(async () => {
  served = await servePage();
});
afterAll(() => {
  served.close();
});
beforeEach(async () => {
  watched = await openPage(browser(), `${served.origin}/?example=mobilenet-v2`);
  page = watched.page;
  await page.locator('canvas[data-side=post]').first().waitFor();
  await idle();
});
afterEach(async () => {
  const {complaints} = watched;
  await watched.close();
  expect(complaints).toEqual([]);
});

const idle = () => page.locator('.status[data-busy=false]').waitFor({state: 'attached'});
const button = (name: string | RegExp) =>
  page.getByRole('button', {name, exact: typeof name === 'string'});
const goTo = (view: string) =>
  page.getByRole('navigation', {name: 'Views'}).getByRole('button', {name: view}).click();
const row = (part: string) => page.locator(`[role=treeitem][data-hook*="${part}"]`);
const isSelected = (part: string) => row(part).and(page.locator('[aria-selected=true]')).waitFor();

/** The engine's answers to what the page shows after "Noise": images are decoded otherwise in Node. */
async function onNoise(): Promise<{engine: Engine; hooks: readonly string[]}> {
  await button('Noise').click();
  await idle();
  await page.getByRole('button', {name: 'Other noise'}).waitFor();
  const engine = createFakeEngine();
  await engine.loadModel({kind: 'url', url: ''}, () => {});
  const input = {kind: 'noise', seed: 2} as const;
  const {hooks} = await engine.capture('main', {input, edits: []}, () => {});
  return {engine, hooks: hooks.map(({name}) => name)};
}

/** Read from a copy: the browser warns of canvases that are read more than once. */
const pixelsOf = (canvas: Locator) =>
  canvas.evaluate((element) => {
    const {width, height} = element as HTMLCanvasElement;
    const copy = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true})!;
    copy.drawImage(element as HTMLCanvasElement, 0, 0);
    return Array.from(copy.getImageData(0, 0, width, height).data);
  });

const shownChannels = (side: Side) =>
  page
    .locator(`canvas[data-side=${side}]`)
    .evaluateAll((all) => all.map((each) => Number((each as HTMLElement).dataset['channel'])));

const firstShown = (channel: number) =>
  page.locator(`.map:first-child canvas[data-side=pre][data-channel="${channel}"]`).waitFor();

async function drop(files: readonly (readonly [name: string, type: string, text: string])[]) {
  await page.evaluate((list) => {
    const transfer = new DataTransfer();
    for (const [name, type, text] of list) transfer.items.add(new File([text], name, {type}));
    const event = {dataTransfer: transfer, bubbles: true, cancelable: true};
    document.body.dispatchEvent(new DragEvent('dragover', event));
    document.body.dispatchEvent(new DragEvent('drop', event));
  }, files);
}

describe('maps', () => {
  it('are one canvas pixel per value in the engine’s colours, the most active channels first', async () => {
    const {engine} = await onNoise();
    const summaries = [...(await engine.channels('main', 0))];
    const ranked = summaries.sort((a, b) => b.activity - a.activity || a.channel - b.channel);
    const channels = ranked.slice(0, 64).map(({channel}) => channel);
    await firstShown(channels[0]!);
    for (const side of ['pre', 'post'] as const) {
      expect(await shownChannels(side)).toEqual(channels);
      const request = {hook: 0, side, channels, scale: 'shared'} as const;
      const {rgba, width, height} = await engine.maps('main', request);
      for (const place of [0, 7, 63]) {
        const canvas = page.locator(`canvas[data-side=${side}]`).nth(place);
        const from = 4 * width * height * place;
        expect(await pixelsOf(canvas)).toEqual([...rgba.subarray(from, from + 4 * width * height)]);
      }
    }
  });

  it('come by pages of 64', async () => {
    expect(await page.locator('.pager').innerText()).toContain('channels 1–64 of 160');
    await page.getByRole('radio', {name: 'By index'}).check();
    await button('Next channels').click();
    await button('Next channels').click();
    await page.locator('canvas[data-channel="159"][data-side=post]').waitFor();
    expect(await shownChannels('post')).toEqual(Array.from({length: 32}, (_, at) => 128 + at));
    await eventually(async () => expect(await button('Next channels').isDisabled()).toBe(true));
  });

  it('say which channels are dead, saturated or not finite', async () => {
    await row('block_4_').click();
    await page.getByRole('radio', {name: 'By index'}).check();
    for (const name of [/^channel 7 after.*, dead$/, /^channel 11 after.*, saturated$/]) {
      await button(name).waitFor();
    }
    await button(/^channel 5 before.*, 1 non-finite$/).waitFor();
    expect(await row('block_4_').innerText()).toMatch(/6 dead\s+4 saturated\s+1 non-finite/);
  });

  it('of another layer cannot be clicked while this one’s are on their way', async () => {
    const isInert = () => document.querySelector<HTMLElement>('.sides')?.inert;
    const select = async () => {
      document.querySelector<HTMLElement>('[data-hook*="block_4_"]')?.click();
      await Promise.resolve();
      return document.querySelector<HTMLElement>('.sides')?.inert;
    };
    expect([await page.evaluate(isInert), await page.evaluate(select)]).toEqual([false, true]);
    await eventually(async () => expect(await page.evaluate(isInert)).toBe(false));
  });

  it('of one value each are bars with numbers', async () => {
    const {engine, hooks} = await onNoise();
    await row('dense').click();
    const {pre} = await engine.channelValues('main', hooks.length - 1, 11);
    const unit = button(/^channel 11 .* before, saturated$/);
    await unit.waitFor();
    expect(await unit.locator('.unit-value').innerText()).toBe(
      String(Number(pre[0]!.toPrecision(3))),
    );
  });

  it('are read value by value when enlarged, by keyboard alone', async () => {
    const {engine} = await onNoise();
    await page.getByRole('radio', {name: 'By index'}).check();
    await button(/^channel 3 before/).focus();
    await page.keyboard.press('Enter');
    const stage = page.getByRole('application', {name: /^Before relu6/});
    await stage.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    const {pre, post, width} = await engine.channelValues('main', 0, 3);
    const shown = [pre, post].map((values) => Number(values[2 * width + 1]!.toPrecision(3)));
    await eventually(async () => {
      const readout = (await page.locator('output').innerText()).replaceAll('−', '-');
      expect(readout.match(/-?[\d.]+/g)!.map(Number)).toEqual([2, 1, ...shown]);
    });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({state: 'detached'});
  });
});

describe('outline', () => {
  it('is a tree that arrow keys walk and fold', async () => {
    const rows = page.getByRole('treeitem');
    expect(await rows.count()).toBe(23);
    await rows.first().focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter'])
      await page.keyboard.press(key);
    await isSelected('block_2_');
    for (const key of ['ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    await eventually(async () => expect(await rows.count()).toBe(3));
    await page.keyboard.press('ArrowRight');
    await eventually(async () => expect(await rows.count()).toBe(23));
  });

  it.each([
    ['wide', 1280, 800],
    ['narrow', 390, 844],
  ])(
    'has its filter focused by a slash before another key can come: %s',
    async (_, width, height) => {
      await page.setViewportSize({width, height});
      const focused = await page.evaluate(async () => {
        document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true}));
        await Promise.resolve();
        return document.activeElement?.id;
      });
      expect(focused).toBe('filter');
    },
  );

  it('is filtered by what is typed after a slash', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('block_1');
    await eventually(async () => expect(await page.locator('[data-hook]').count()).toBe(11));
    await page.getByLabel('Filter layers').fill('nothing like that');
    await page.getByText('No layer fits').waitFor();
  });
});

describe('edits', () => {
  it('mark what follows, and nothing before', async () => {
    await row('block_4_').click();
    await button('Apply').click();
    await page.locator('[data-change]').first().waitFor();
    const marked = await page
      .locator('[data-hook]:has([data-change])')
      .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset['hook']));
    expect(marked).toHaveLength(17);
    expect(marked[0]).toContain('block_5_');
    await goTo('Output');
    expect(await page.locator('[data-output=Edited] li').first().innerText()).toContain('class B');
    expect(await page.locator('[data-output=Original] li').first().innerText()).toContain(
      'class A',
    );
    await button(/^Remove: .*block_4_expand/).click();
    await page.locator('[data-change]').first().waitFor({state: 'detached'});
    await page.locator('[data-output=Edited]').waitFor({state: 'detached'});
  });

  it('are of the selected channels alone', async () => {
    await button('Select channels').click();
    await page.getByRole('radio', {name: 'By index'}).check();
    for (const channel of [4, 2]) await button(new RegExp(`^channel ${channel} after`)).click();
    await page.getByRole('radio', {name: 'Clamp'}).check();
    await page.getByRole('spinbutton', {name: 'Least'}).fill('2');
    await page.getByRole('spinbutton', {name: 'Least'}).press('Enter');
    await eventually(async () => expect(await button('Apply').isDisabled()).toBe(true));
    await page.getByRole('spinbutton', {name: 'Most'}).fill('3');
    await page.getByRole('spinbutton', {name: 'Most'}).press('Enter');
    await button('Apply').click();
    await page.locator('.edits', {hasText: 'channels 2, 4 clamped to 2…3'}).waitFor();
  });

  it('leave a number as it is typed until its field is left', async () => {
    await page.getByRole('radio', {name: 'Scale', exact: true}).check();
    const factor = page.getByRole('spinbutton', {name: 'Factor'});
    await factor.fill('');
    await factor.pressSequentially('-1.50');
    expect(await factor.inputValue()).toBe('-1.50');
    await factor.blur();
    await eventually(async () => expect(await factor.inputValue()).toBe('-1.5'));
    await factor.fill('');
    await factor.blur();
    await eventually(async () => expect(await factor.inputValue()).toBe('-1.5'));
    await button('Apply').click();
    await page.locator('.edits', {hasText: '× −1.5'}).waitFor();
  });
});

describe('comparing', () => {
  it('names the first layer over the threshold', async () => {
    await goTo('Compare');
    await button('WebGL').click();
    await page.locator('.uplot').waitFor();
    expect(await page.locator('.verdict').innerText()).toBe('No layer is over 0.001.');
    await page.getByLabel('Threshold, relative').fill('0.000001');
    await page.getByLabel('Threshold, relative').press('Enter');
    const verdict = /^First layer over 1e−6: model\/features\/block_1\d_expand\/relu \(/;
    await eventually(async () =>
      expect(await page.locator('.verdict').innerText()).toMatch(verdict),
    );
    await page.getByText('as a table').click();
    await button('model/features/block_9_expand/relu').click();
    await isSelected('block_9_');
  });

  it('draws its chart in the colours of the system, also when these change', async () => {
    await page.emulateMedia({colorScheme: 'light'});
    await goTo('Compare');
    await button('WebGL').click();
    const chart = page.locator('.uplot canvas');
    await chart.waitFor();
    await idle();
    const light = await pixelsOf(chart);
    await chart.evaluate((element) => element.setAttribute('data-old', ''));
    await page.emulateMedia({colorScheme: 'dark'});
    await page.locator('.uplot canvas:not([data-old])').waitFor();
    expect(await pixelsOf(chart)).not.toEqual(light);
  });
});

describe('while something runs', () => {
  it('cancels, and shows what was there before', async () => {
    // On noise, the model of 300 layers never comes to its end.
    await page.goto(`${served.origin}/?example=deep`);
    await page.locator('canvas[data-side=post]').first().waitFor();
    await idle();
    const first = page.locator('canvas[data-side=pre]').first();
    const [channel] = await shownChannels('pre');
    const before = await pixelsOf(first);
    await button('Noise').click();
    await button('Cancel').click();
    await idle();
    expect(await page.getByText('image.png').count()).toBe(1);
    // Read anew, from the engine that took the place of the one that was ended.
    await page.getByRole('radio', {name: 'By index'}).check();
    await firstShown(0);
    await page.getByRole('radio', {name: 'Most active'}).check();
    await firstShown(channel!);
    expect(await pixelsOf(first)).toEqual(before);
  });
});

describe('files', () => {
  it('that are no model give a sentence, and the page goes on', async () => {
    await drop([['weights.bin', '', 'x']]);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('There is no model.json among weights.bin.');
    await button('Dismiss').click();
    await drop([['cat.png', 'image/png', 'no image at all']]);
    await alert.filter({hasText: 'cat.png is no image that this browser can read.'}).waitFor();
    expect(await page.locator('[data-hook]').count()).toBe(21);
  });

  it('make a model that takes the place of the one before', async () => {
    await drop([
      ['model.json', 'application/json', '{}'],
      ['weights.bin', '', 'x'],
    ]);
    await page.getByRole('heading', {name: 'dropped', level: 1}).waitFor();
  });

  it('are given by names that say model and layer', async () => {
    const saved = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), button(name).click()]);
      const start = (await readFile(await download.path())).subarray(1, 4).toString('latin1');
      return [download.suggestedFilename(), start];
    };
    const layer = 'mobilenet-v2-model_features_block_1_expand_relu';
    expect(await saved('Save maps as PNG')).toEqual([`${layer}-before-after.png`, 'PNG']);
    expect(await saved('Save histogram as PNG')).toEqual([`${layer}-histogram.png`, 'PNG']);
    expect((await saved('Save tensors (.safetensors)'))[0]).toBe('mobilenet-v2.safetensors');
  });
});

describe.each([
  ['wide and light', 1280, 800, 'light'],
  ['narrow and dark', 390, 844, 'dark'],
] as const)('%s', (_, width, height, colorScheme) => {
  it('is accessible, and overflows nowhere', async () => {
    // Colours on their way to others are no colours of the page's.
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    await page.setViewportSize({width, height});
    const axe = await readFile(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
    const faults: string[] = [];
    const check = async (view: string) => {
      await page.evaluate(`${axe}; null`);
      faults.push(...(await page.evaluate(faultsOfPage)).map((fault) => `${view}: ${fault}`));
    };
    await check('maps');
    for (const view of ['Output', 'Compare', 'Grad-CAM', 'Maps']) {
      await goTo(view);
      await idle();
      await check(view);
    }
    await page.locator('.map').first().click();
    await page.locator('.stage').first().waitFor();
    await check('enlarged');
    await page.keyboard.press('Escape');
    if (width < 960) {
      for (const section of ['Outline', 'Tools']) {
        await goTo(section);
        await check(section);
      }
    }
    await button(/choose a model/).click();
    await check('start');
    expect(faults).toEqual([]);
  });
});

/** Runs in the page. */
async function faultsOfPage(): Promise<string[]> {
  const {axe} = globalThis as unknown as {
    axe: {run: () => Promise<{violations: {id: string; nodes: {html: string}[]}[]}>};
  };
  const {violations} = await axe.run();
  const found = violations.map(({id, nodes}) => `${id}: ${nodes[0]?.html ?? ''}`);
  const over = document.documentElement.scrollWidth - innerWidth;
  return over > 0 ? [...found, `overflows by ${over} pixels`] : found;
}
