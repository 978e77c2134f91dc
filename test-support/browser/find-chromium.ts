/** Where Chromium is. Jest asks for it once before all tests, so that there is one message if it is missing. */
import {existsSync} from 'node:fs';

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

// eslint-disable-next-line import-x/no-default-export -- what jest's globalSetup must be
export default findChromium;
