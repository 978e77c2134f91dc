/** Browsers and pages that live as long as the tests around them. */
import type {Browser} from 'playwright-core';
import {launchChromium} from './chromium.js';
import type {ChromiumRequest} from './chromium.js';
import {serve} from './static-server.js';
import type {StaticFiles, StaticServer} from './static-server.js';
import {openPage} from './watched-page.js';
import type {WatchedPage} from './watched-page.js';

/** One browser for all tests of a file; it is closed after them. */
export function useChromium(request: ChromiumRequest = {}): () => Browser {
  // Several SwiftShaders on two busy cores take long to compile.
  jest.setTimeout(180_000);
  let browser: Browser | null = null;
  beforeAll(async () => {
    browser = await launchChromium(request);
  });
  afterAll(() => browser?.close());
  return () => started(browser);
}

/**
 * One page for all tests of a `describe`. Whatever it complains of fails the test that runs.
 *
 * @param path of the page on the server
 */
export function usePage<Api>(
  browser: () => Browser,
  files: () => StaticFiles,
  path = '/',
): () => WatchedPage<Api> {
  let server: StaticServer | null = null;
  let page: WatchedPage<Api> | null = null;
  beforeAll(async () => {
    server = await serve(files());
    page = await openPage<Api>(browser(), `${server.origin}${path}`);
  });
  afterEach(() => expect(page?.complaints ?? []).toEqual([]));
  afterAll(async () => {
    await page?.close();
    await server?.close();
  });
  return () => started(page);
}

function started<T>(value: T | null): T {
  if (value === null) throw new Error('Started by beforeAll: ask for it inside a test.');
  return value;
}
