/** Headless Chromium for tests: where it is, and with which flags all of tfjs's backends run in it. */
import {existsSync} from 'node:fs';
import {chromium} from 'playwright-core';
import type {Browser} from 'playwright-core';

const FLAGS = [
  // As root, and asking nobody on the network for anything.
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
  // WebGL and WebGPU without a GPU. `--disable-gpu` would switch WebGL off.
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** @throws Error that tells how to install Chromium, if it is missing */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({executablePath: findChromium(), headless: true, args: FLAGS});
}

function findChromium(): string {
  const asked = process.env['CHROMIUM_PATH'];
  const places = asked ? [asked] : USUAL_PLACES;
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    `test:browser: Chromium must be installed, got none at ${places.join(' or ')}. ` +
      'Run apt-get install chromium, or name another path in CHROMIUM_PATH.',
  );
}
