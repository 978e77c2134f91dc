// Models on other servers: read from those that were allowed, and no other is asked for anything.
import {execFileSync} from 'node:child_process';
import {join, resolve} from 'node:path';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {serve} from '../../../../../test-support/browser/static-server.js';
import type {StaticServer} from '../../../../../test-support/browser/static-server.js';
import {openPage} from '../../../../../test-support/browser/watched-page.js';
import {temporaryFolder} from '../../temporary-folder.js';
import {alert, captured, expectOutlined} from './support/inspector-page.js';
import {startServer} from './support/inspector-server.js';
import type {InspectorServer} from './support/inspector-server.js';
import {goodFolder} from './support/model-files.js';

const LAYERS = ['F_1_1_Relu', 'F_2_1_Relu', 'UPN1_Relu', 'UPN2_Relu'];
const IMAGE = join(goodFolder, 'image.png');

const browser = useChromium();
const folder = temporaryFolder();
let allowed: StaticServer;
let other: StaticServer;
let inspector: InspectorServer;
beforeAll(async () => {
  const files = {folders: {'/models': goodFolder}, isForAll: true};
  [allowed, other] = await Promise.all([serve(files), serve(files)]);
  const built = join(folder, 'built');
  const command = resolve('packages/demo/dist/inspect.js');
  const args = [command, '--build-only', built, '--allow', allowed.origin];
  execFileSync(process.execPath, args, {stdio: 'pipe'});
  inspector = await startServer({folder: built, allowed: [allowed.origin]});
});
afterAll(() => Promise.all([allowed, other, inspector].map((server) => server.close())));

/** A page that has asked for the model on `origin`. */
async function asking(origin: string) {
  // The network lets both through: it is for the policy to tell them apart.
  const opened = await openPage(browser(), inspector.url, {
    allowed: [allowed.origin, other.origin],
  });
  const {page} = opened;
  await page.locator('[data-example]').first().waitFor();
  await page.getByLabel('Address of a model.json').fill(`${origin}/models/model.json`);
  await page.getByRole('button', {name: 'Load'}).click();
  return opened;
}

test('one that was allowed gives its model', async () => {
  const {page, complaints, requests, close} = await asking(allowed.origin);
  await page.locator('input[type=file][aria-label="Choose an image"]').first().setInputFiles(IMAGE);
  await captured(page);
  await expectOutlined(page, LAYERS);
  expect(requests).toEqual(expect.arrayContaining(['/models/model.json', '/models/weights.bin']));
  expect(complaints).toEqual([]);
  await close();
});

test('one that was not gets no request, and the page says how to allow it', async () => {
  const {page, complaints, requests, close} = await asking(other.origin);
  await alert(page).waitFor();
  expect(await alert(page).locator('p').innerText()).toContain(
    `npm run inspect -- --allow ${other.origin}.`,
  );
  expect(requests.filter((path) => path.startsWith('/models/'))).toEqual([]);
  expect(complaints).not.toEqual([]);
  for (const complaint of complaints) {
    expect(complaint).toMatch(/^worker: .*Content Security Policy/s);
  }
  await close();
});
