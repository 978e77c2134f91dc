/** Headless Chromium for what measures or pictures the inspector. Tests launch it otherwise: they watch it. */
import {chromium} from 'playwright-core';
import type {Browser} from 'playwright-core';

/** @throws Error if there is none at /usr/bin/chromium or at what CHROMIUM_PATH names */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    // As root, as in containers.
    args: ['--no-sandbox'],
  });
}
