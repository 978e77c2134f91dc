// People's own files: dropped, picked or fetched; and all the wrong ones.
import {join} from 'node:path';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {temporaryFolder} from '../../temporary-folder.js';
import {dropFiles} from './support/drop-files.js';
import {alert, captured, expectOutlined, settled, useInspector} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {badFiles, goodFolder, goodFolderWith, writeFiles} from './support/model-files.js';

const LAYERS = ['F_1_1_Relu', 'F_2_1_Relu', 'UPN1_Relu', 'UPN2_Relu'];
const MODEL = ['model.json', 'weights.bin'].map((name) => join(goodFolder, name));
const IMAGE = join(goodFolder, 'image.png');

const browser = useChromium();
const open = useInspector(browser, useServer());
const folder = temporaryFolder();

test.each([
  {how: 'a model and an image in one drop', drops: [[...MODEL, IMAGE]]},
  {how: 'a model, then an image', drops: [MODEL, [IMAGE]]},
  {how: 'an image, then a model', drops: [[IMAGE], MODEL]},
])('$how', async ({drops}) => {
  const {page} = await open();
  for (const paths of drops) {
    await dropFiles(page, paths);
    await settled(page);
  }
  await captured(page);
  await expectOutlined(page, LAYERS);
});

test('a folder with all that and more', async () => {
  const {page} = await open();
  const path = goodFolderWith(join(folder, 'mine'), {'README.md': '# Mine', 'labels.txt': 'cat'});
  await dropFiles(page, [path]);
  await captured(page);
  await expectOutlined(page, LAYERS);
});

test('files that are picked', async () => {
  const {page} = await open();
  await page.locator('input[type=file][aria-label="Choose an image"]').setInputFiles(IMAGE);
  await page.locator('input[type=file][aria-label="Choose model files"]').setInputFiles(MODEL);
  await captured(page);
  await expectOutlined(page, LAYERS);
});

test('an address on the same server', async () => {
  const {page} = await open();
  await page.getByLabel('Address of a model.json').fill('examples/esrgan-slim/model.json');
  await page.getByRole('button', {name: 'Load'}).click();
  await dropFiles(page, [IMAGE]);
  await captured(page);
  await expectOutlined(page, LAYERS);
});

test('an address where nothing is', async () => {
  const {page, complaints} = await open();
  await page.getByLabel('Address of a model.json').fill('/nothing/model.json');
  await page.getByRole('button', {name: 'Load'}).click();
  await expect(alert(page).innerText()).resolves.toMatch(/\/nothing\/model\.json.*404/s);
  // The browser tells of it as well.
  expect(complaints.splice(0).every((complaint) => complaint.includes('404'))).toBe(true);
});

test('an address that the policy refuses', async () => {
  const {page, complaints} = await open();
  await page.getByLabel('Address of a model.json').fill('https://models.example/model.json');
  await page.getByRole('button', {name: 'Load'}).click();
  await expect(alert(page).innerText()).resolves.toMatch(
    /npm run inspect -- --allow https:\/\/models\.example/,
  );
  for (const complaint of complaints.splice(0)) {
    expect(complaint).toMatch(/^worker: .*https:\/\/models\.example.*Content Security Policy/s);
  }
});

describe('what is wrong is said, and what was there stays:', () => {
  test.each(badFiles)('$what', async ({what, files, says}) => {
    const {page} = await open({query: '?example=esrgan-slim'});
    await captured(page);
    await dropFiles(page, writeFiles(join(folder, what), await files()));
    await alert(page).waitFor();
    const sentence = await alert(page).locator('p').innerText();
    expect(sentence).toMatch(says);
    // What is wrong, and what to do.
    expect(sentence).toMatch(/^\S.+[.:;] .+\.$/s);
    expect(sentence).not.toMatch(/undefined|\[object|Error:|NaN/);
    await expectOutlined(page, LAYERS);

    await alert(page).getByRole('button', {name: 'Dismiss'}).click();
    await dropFiles(page, [...MODEL, IMAGE]);
    await captured(page);
    expect(await alert(page).count()).toBe(0);
    await expectOutlined(page, LAYERS);
  });
});
