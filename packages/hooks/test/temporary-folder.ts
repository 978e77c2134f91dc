import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A folder that is there for the tests of one file, and then is not. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-capture-hooks-'));
  afterAll(() => rmSync(folder, {recursive: true}));
  return folder;
}
