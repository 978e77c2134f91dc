/** A page under test: nothing it complains of, and no request to another host, goes unseen. */
import type {Browser, BrowserContextOptions, ConsoleMessage, Page} from 'playwright-core';

/** What functions return when they are called from Node: a promise of it. */
export type Remote<Api> = {
  readonly [K in keyof Api]: Api[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never;
};

export interface WatchedPage<Api> {
  readonly page: Page;
  /** The functions that the page's script put on `globalThis.inPage`. */
  readonly inPage: Remote<Api>;
  /** Paths of all requests to its own host and allowed ones so far, in their order. */
  readonly requests: readonly string[];
  /** Errors, warnings, failed requests and requests to other hosts so far, the workers' among them. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export interface PageOptions extends BrowserContextOptions {
  /** Other origins that it may ask, too. */
  readonly allowed?: readonly string[];
}

/** Opens `url` in a context of its own. Does not throw for complaints: tests assert that there are none. */
export async function openPage<Api>(
  browser: Browser,
  url: string,
  {allowed = [], ...options}: PageOptions = {},
): Promise<WatchedPage<Api>> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  const requests: string[] = [];
  const {host} = new URL(url);
  await context.route('**/*', async (route) => {
    const asked = new URL(route.request().url());
    if (asked.host === host || allowed.includes(asked.origin)) {
      requests.push(asked.pathname);
      await route.continue();
    } else {
      complaints.push(`request to another host: ${asked.href}`);
      await route.abort();
    }
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (isComplaint(message)) complaints.push(`console.${message.type()}: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  await watchWorkers(page, complaints);
  await page.goto(url);
  return {page, inPage: remote<Api>(page), requests, complaints, close: () => context.close()};
}

/** What a policy refuses to a worker is in the browser's log, and nowhere else. */
async function watchWorkers(page: Page, complaints: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  session.on('Log.entryAdded', ({entry: {source, level, text}}) => {
    if (source === 'worker' && level === 'error') complaints.push(`worker: ${text}`);
  });
  await session.send('Log.enable');
}

const isComplaint = (message: ConsoleMessage): boolean =>
  ['error', 'warning'].includes(message.type()) && !STALL.test(message.text());

/** A hint of the driver's to whoever reads a GPU's values back, as tests do on purpose; it comes or stays away by timing. */
const STALL = /GL Driver Message .*GPU stall due to ReadPixels/;

function remote<Api>(page: Page): Remote<Api> {
  return new Proxy({} as Remote<Api>, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        page.evaluate(callInPage, [String(name), args] as const),
  });
}

/** Runs in the page. */
function callInPage([name, args]: readonly [string, readonly unknown[]]): unknown {
  const {inPage} = globalThis as unknown as {
    inPage: Record<string, (...args: readonly unknown[]) => unknown>;
  };
  return inPage[name]?.(...args);
}
