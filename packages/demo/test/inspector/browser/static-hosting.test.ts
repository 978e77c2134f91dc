// The built page on any static server, in whatever folder: --build-only makes it for that.
import {builtInspector} from '../../../../../test-support/browser/prerequisites.js';
import {useChromium, usePage} from '../../../../../test-support/browser/browser-in-tests.js';
import {captured, outlined} from './support/inspector-page.js';

const browser = useChromium();
const files = () => ({folders: {'/some/folder': builtInspector}});
const opened = usePage(browser, files, '/some/folder/?example=esrgan-slim');

test('an example runs there', async () => {
  const {page} = opened();
  await captured(page);
  expect(await outlined(page)).toHaveLength(4);
});

test('it is held to its policy by the page itself', async () => {
  const {page, complaints} = opened();
  await page.evaluate(() => fetch('https://elsewhere.example/').catch(() => undefined));
  expect(complaints.splice(0).join()).toMatch(/Content Security Policy/);
});
