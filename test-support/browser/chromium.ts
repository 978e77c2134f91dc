/** Headless Chromium for tests, with the flags that tfjs's backends need. */
import {chromium} from 'playwright-core';
import type {Browser} from 'playwright-core';
import {findChromium} from './prerequisites.js';

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

export interface ChromiumRequest {
  /** More of its flags: '--use-fake-device-for-media-stream'. */
  readonly flags?: readonly string[];
  /** Without WebGPU, as many browsers are. */
  readonly hasNoWebGpu?: boolean;
}

/** @throws Error that tells how to install Chromium, if it is missing */
export async function launchChromium(request: ChromiumRequest = {}): Promise<Browser> {
  const {flags = [], hasNoWebGpu = false} = request;
  const usual = hasNoWebGpu ? FLAGS.filter((flag) => !flag.includes('webgpu')) : FLAGS;
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [...usual, ...flags],
  });
}
