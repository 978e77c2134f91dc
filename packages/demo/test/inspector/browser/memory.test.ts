// Runs take the place of one another: neither the page's memory nor TensorFlow.js' grows with their number.
import type {Page} from 'playwright-core';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {builtInspector} from '../../../../../test-support/browser/prerequisites.js';
import {serve} from '../../../../../test-support/browser/static-server.js';
import type {StaticServer} from '../../../../../test-support/browser/static-server.js';
import {openPage} from '../../../../../test-support/browser/watched-page.js';
import {captured, settled} from './support/inspector-page.js';

// Otherwise the browser measures no sooner than it collects garbage by itself.
const browser = useChromium({flags: ['--enable-blink-features=ForceEagerMeasureMemory']});

let server: StaticServer;
beforeAll(async () => {
  // Only pages that are isolated from all others may ask for their memory.
  server = await serve({folders: {'/page': builtInspector}, isolated: true});
});
afterAll(() => server.close());

/** Before the worker's own script: keeps the memories of the WASM modules that it loads. */
const KEEP_WASM_MEMORIES = `
  globalThis.wasmMemories = [];
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const made = await original(...args);
      const exported = Object.values((made.instance ?? made).exports);
      wasmMemories.push(...exported.filter((each) => each instanceof WebAssembly.Memory));
      return made;
    };
  }
`;

interface Memory {
  /** Of the page and its worker, in bytes, without WASM's. */
  readonly script: number;
  readonly wasm: number;
}

async function memoryOf(page: Page): Promise<Memory> {
  const script = await page.evaluate(async () => {
    const asked = performance as Performance & {
      measureUserAgentSpecificMemory(): Promise<{bytes: number}>;
    };
    return (await asked.measureUserAgentSpecificMemory()).bytes;
  });
  const [worker] = page.workers();
  const wasm = await worker!.evaluate(() =>
    (globalThis as unknown as {wasmMemories: WebAssembly.Memory[]}).wasmMemories.reduce(
      (sum, {buffer}) => sum + buffer.byteLength,
      0,
    ),
  );
  return {script, wasm};
}

/** Of all that a run keeps, as the page tells it. */
async function bytesOfRun(page: Page): Promise<number> {
  const note = await page.getByText(/^All \d+ layers, before and after: [\d.]+ MB/).innerText();
  return 1e6 * Number(/([\d.]+) MB/.exec(note)![1]);
}

test('twenty runs leave no more than two', async () => {
  const {page, complaints, close} = await openPage(browser(), `${server.origin}/page/`);
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({response, body: KEEP_WASM_MEMORIES + (await response.text())});
  });
  await page.getByRole('button', {name: 'MobileNetV2'}).click();
  await captured(page);
  const run = async () => {
    await page.getByRole('button', {name: /noise$/i}).click();
    await settled(page);
  };
  await run();
  await run();
  const afterTwo = await memoryOf(page);
  for (let n = 2; n < 20; n++) await run();
  const afterTwenty = await memoryOf(page);
  const oneRun = await bytesOfRun(page);
  expect(afterTwo.wasm).toBeGreaterThan(0);
  expect(afterTwenty.wasm - afterTwo.wasm).toBeLessThan(oneRun / 2);
  expect(afterTwenty.script - afterTwo.script).toBeLessThan(oneRun / 2);

  // The measure sees what is kept: an edited run is, beside the original.
  await page.getByRole('button', {name: 'Apply'}).click();
  await page.getByRole('heading', {name: 'Edits'}).waitFor();
  await settled(page);
  const withEdited = await memoryOf(page);
  expect(withEdited.script - afterTwenty.script).toBeGreaterThan(0.9 * oneRun);
  await page.getByRole('button', {name: 'Clear all edits'}).click();
  await settled(page);
  const cleared = await memoryOf(page);
  expect(cleared.script - afterTwenty.script).toBeLessThan(oneRun / 2);
  expect(complaints).toEqual([]);
  await close();
});
