/** Waits for what a page draws a little after it was told to. */
import {setTimeout as pause} from 'node:timers/promises';

const TRIES = 200;
const PAUSE = 50;

/** Until `check` throws no more; its last error if it never does. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 1; tries < TRIES; tries++) {
    const isMet = await check().then(
      () => true,
      () => false,
    );
    if (isMet) return;
    await pause(PAUSE);
  }
  await check();
}
