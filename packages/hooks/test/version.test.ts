import {readFileSync} from 'node:fs';
import {join} from 'node:path';

import {version} from '@tfjs-capture/hooks';

test('the version is that of the package', () => {
  const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as object;
  expect(manifest).toHaveProperty('version', version);
});
