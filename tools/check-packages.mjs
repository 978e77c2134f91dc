// Would the packages, as npm would publish them, load and type-check for everybody? publint and are-the-types-wrong say.
import {spawnSync} from 'node:child_process';

const checks = ['core', 'hooks'].flatMap((name) => [
  ['publint', '--strict', `packages/${name}`],
  // The <script> tag's build is for no compiler.
  ['attw', '--pack', `packages/${name}`, '--exclude-entrypoints', 'tfjs-capture.min.js'],
]);
for (const [command, ...rest] of checks) {
  console.log(`\n${command} ${rest.join(' ')}`);
  const {status} = spawnSync('npx', ['--no-install', command, ...rest], {stdio: 'inherit'});
  if (status !== 0) process.exitCode = 1;
}
