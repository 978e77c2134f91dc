/** Files dragged from the desktop onto the page, as a browser sees them. */
import type {Page} from 'playwright-core';

/** @param paths files and folders */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = {items: [], files: [...paths], dragOperationsMask: 1};
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', {type, x: 400, y: 300, data});
  }
  await session.detach();
}
