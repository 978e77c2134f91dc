/** Builds and serves the inspector for as long as a function drives it in headless Chromium. */
import {fileURLToPath} from 'node:url';
import type {Browser} from 'playwright-core';
import {buildInspector} from './build-inspector.js';
import {launchChromium} from './launch-chromium.js';
import {serveInspector} from './serve-inspector.js';

/** Not the folder that `npm run inspect` serves. */
const FOLDER = fileURLToPath(new URL('../../../../out/inspector-driven', import.meta.url));

/**
 * @param drive gets the inspector's address
 * @param pages HTML files inside packages/demo/inspector
 */
export async function withInspector(
  drive: (browser: Browser, url: string) => Promise<void>,
  pages: readonly string[] = ['index.html'],
): Promise<void> {
  const request = {folder: FOLDER, allowed: [], pages};
  await buildInspector(request);
  const server = await serveInspector({...request, host: 'localhost', port: 0, open: false});
  try {
    const browser = await launchChromium();
    try {
      await drive(browser, server.url);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}
