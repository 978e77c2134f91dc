/**
 * What tests in a browser need: Chromium, and the built inspector. Jest asks for both once before all tests, so
 * that there is one message if something is missing; without imports, for it does not map their names yet.
 */
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {resolve} from 'node:path';

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** @throws Error that tells how to install it */
export function findChromium(): string {
  const asked = process.env['CHROMIUM_PATH'];
  const places = asked ? [asked] : USUAL_PLACES;
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    `test:browser: Chromium must be installed, got none at ${places.join(' or ')}. ` +
      'Run apt-get install chromium, or name another path in CHROMIUM_PATH.',
  );
}

/** Not the folder that `npm run inspect` serves: that may be open in a browser meanwhile. */
export const builtInspector = resolve('out/inspector-test');

/** @throws Error if the demo is not built, or the inspector cannot be */
function buildInspector(): void {
  const command = resolve('packages/demo/dist/inspect.js');
  if (!existsSync(command))
    throw new Error(`test:browser: the demo must be built, got no ${command}. Run npm run build.`);
  execFileSync(process.execPath, [command, '--build-only', builtInspector], {stdio: 'pipe'});
}

// eslint-disable-next-line import-x/no-default-export -- what jest's globalSetup must be
export default function setUp(): void {
  findChromium();
  buildInspector();
}
