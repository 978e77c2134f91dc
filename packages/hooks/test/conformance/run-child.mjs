// One run of tfjs-core's tests, in a process of its own: tests change global state, a crash must not end the others.
import {fork} from 'node:child_process';
import {closeSync, openSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {wasmDirectory} from './bundle-specs.mjs';

/** Far more than any run takes, so that a hang ends. */
const TIME_LIMIT_MS = 10 * 60_000;

/**
 * @param {{name: string, backend: string, scope: string, only: string | null}} request `only` is a regular
 *     expression on test names, `name` is for files and progress
 * @param {{bundle: string, folder: string, onProgress: (text: string) => void}} where results and logs go to `folder`
 * @returns {Promise<import('./compare-runs.mjs').Run>}
 */
export async function runChild({name, backend, scope, only}, {bundle, folder, onProgress}) {
  const resultFile = join(folder, `${name}.json`);
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'w');
  const started = performance.now();
  const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`;
  try {
    const request = {backend, scope, only, resultFile, wasmDirectory: wasmDirectory()};
    const child = fork(bundle, [JSON.stringify(request)], {
      stdio: ['ignore', log, log, 'ipc'],
      timeout: TIME_LIMIT_MS,
    });
    child.on('message', ({tests}) => onProgress(`${name}: ${tests} tests, ${seconds()}`));
    const ended = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? signal));
    });
    if (ended !== 0)
      throw new Error(`runChild: ${name} ended with ${ended}.\n${lastLines(logFile)}`);
  } finally {
    closeSync(log);
  }
  const run = JSON.parse(readFileSync(resultFile, 'utf8'));
  onProgress(`${name}: done, ${run.tests.length} tests, ${seconds()}`);
  return run;
}

const lastLines = (file) => readFileSync(file, 'utf8').split('\n').slice(-30).join('\n');
