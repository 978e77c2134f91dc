// A run can be cancelled in the middle, and the page goes on.
import {join} from 'node:path';
import sharp from 'sharp';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {temporaryFolder} from '../../temporary-folder.js';
import {
  alert,
  captured,
  expectOutlined,
  outlined,
  settled,
  useInspector,
} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {goodFolder} from './support/model-files.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
const folder = temporaryFolder();

test('a run that takes long', async () => {
  const large = join(folder, 'large.png');
  await sharp(join(goodFolder, 'image.png')).resize(900).toFile(large);
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  const layers = await outlined(page);
  await page.getByLabel('Longest side').fill('900');
  await page.getByLabel('Longest side').blur();
  await settled(page);
  await page.locator('input[type=file][aria-label="Image"]').setInputFiles(large);
  await page
    .getByText(/^Running the model/)
    .first()
    .waitFor();
  await page.getByRole('button', {name: 'Cancel'}).click();
  await settled(page);
  // Back to what was there before, with the input that it had.
  await page.getByText('1 × 128 × 128 × 3').first().waitFor();
  await expectOutlined(page, layers);
  expect(await alert(page).count()).toBe(0);

  await page.getByLabel('Longest side').fill('96');
  await page.getByLabel('Longest side').blur();
  await page.getByText('1 × 96 × 96 × 3').first().waitFor();
  await captured(page);
  await expectOutlined(page, layers);
});

test('a model that is being loaded', async () => {
  const {page} = await open();
  // The weights never come.
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/mobilenet-v2/weights.bin', async (route) => {
    await held;
    await route.abort();
  });
  await page.getByRole('button', {name: 'MobileNetV2'}).click();
  await page.getByRole('button', {name: 'Cancel'}).click();
  await settled(page);
  expect(await alert(page).count()).toBe(0);
  await page.getByRole('button', {name: 'ESRGAN-slim'}).click();
  await captured(page);
  release();
});
