// What runs is what can be read: the base64 in the sources is what the text beside it assembles to.
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';

test('the generated files are what *.wat assembles to', () => {
  const root = join(__dirname, '../../..');
  const {status, stderr} = spawnSync(process.execPath, ['tools/assemble-wasm.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
