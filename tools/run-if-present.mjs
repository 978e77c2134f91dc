// node tools/run-if-present.mjs <script> [arguments…]: runs a script that a checkout may not have yet.
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';

const [script, ...rest] = process.argv.slice(2);
if (!existsSync(script)) {
  console.log(`${script} is not there yet: skipped`);
} else {
  process.exitCode = spawnSync(process.execPath, [script, ...rest], {stdio: 'inherit'}).status ?? 1;
}
