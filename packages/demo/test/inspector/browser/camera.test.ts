// The camera: a frame becomes the input; without leave or without one, a sentence says what to do.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {temporaryFolder} from '../../temporary-folder.js';
import {expectMapsOf} from './support/expected-maps.js';
import {
  alert,
  captured,
  drawnOn,
  openView,
  settled,
  useInspector,
} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {referenceRun} from './support/reference-run.js';

const server = useServer();
const folder = temporaryFolder();
beforeAll(startWasmBackend);

describe('a camera that may be used', () => {
  const flags = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  const open = useInspector(useChromium({flags}), server);

  test('gives a frame, on which the model runs', async () => {
    const {page} = await open({query: '?example=mobilenet-v2'});
    await captured(page);
    await page.getByRole('button', {name: 'Camera'}).click();
    await page.getByRole('button', {name: 'Take the picture'}).click();
    await page.getByRole('button', {name: 'Take another'}).click();
    await page.getByRole('button', {name: 'Take the picture'}).click();
    await page.getByRole('button', {name: 'Use this picture'}).click();
    await page.getByRole('dialog').waitFor({state: 'detached'});
    const taken = page.getByRole('img', {name: 'Input image camera'});
    await taken.waitFor();
    await settled(page);

    const [{rgb, width, height}] = (await drawnOn(taken)) as [
      Awaited<ReturnType<typeof drawnOn>>[number],
    ];
    const image = join(folder, 'frame.png');
    writeFileSync(
      image,
      await sharp(rgb, {raw: {width, height, channels: 3}})
        .png()
        .toBuffer(),
    );
    const preparation = {range: '0 to 1', longestSide: 224} as const;
    const {points} = await referenceRun({id: 'mobilenet-v2', preparation, image});
    await expectMapsOf(page, points[0]!);
  });

  test('gives a frame to compare with', async () => {
    const {page} = await open({query: '?example=mobilenet-v2'});
    await captured(page);
    await openView(page, 'Compare');
    await page.getByLabel('Compare with').getByRole('button', {name: 'Camera'}).click();
    await page.getByRole('button', {name: 'Take the picture'}).click();
    await page.getByRole('button', {name: 'Use this picture'}).click();
    await page.getByRole('heading', {name: 'Original and camera'}).waitFor();
    expect(await page.locator('.verdict').getAttribute('data-first')).not.toBe('');
  });
});

describe.each([
  {
    what: 'a camera that may not be used',
    flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'],
    says: /^This page may not use the camera\. Allow it .* choose an image file\.$/,
  },
  {
    what: 'no camera',
    flags: [],
    says: /^The browser finds no camera\. Connect one, .* choose an image file\.$/,
  },
])('$what', ({flags, says}) => {
  const open = useInspector(useChromium({flags}), server);

  test('is told, and the page goes on', async () => {
    const {page} = await open({query: '?example=mobilenet-v2'});
    await captured(page);
    await page.getByRole('button', {name: 'Camera'}).click();
    await alert(page).waitFor();
    expect(await alert(page).locator('p').innerText()).toMatch(says);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', {name: 'Noise'}).click();
    await captured(page);
  });
});
