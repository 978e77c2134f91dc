// `npm run inspect` as people run it.
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, readdirSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join, resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {temporaryFolder} from '../../temporary-folder.js';

const COMMAND = resolve('packages/demo/dist/inspect.js');
const folder = temporaryFolder();

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function run(...args: string[]): Promise<Ended> {
  return new Promise((ended) => {
    const child = execFile(process.execPath, [COMMAND, ...args], (_, out, error) =>
      ended({code: child.exitCode, out, error}),
    );
  });
}

test('npm run inspect builds, and runs that command', () => {
  const {scripts} = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(scripts['inspect']).toBe('npm run build && node packages/demo/dist/inspect.js');
});

test('it serves the page until Ctrl-C', async () => {
  const child = spawn(process.execPath, [COMMAND, '--no-open', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  expect(line).toMatch(/^The inspector is at http:\/\/localhost:\d+\/\. Ctrl-C ends it\.$/);
  const url = /http:\S+\//.exec(line)![0];
  // What keeps its connection open does not keep the server.
  const page = await fetch(url, {headers: {Connection: 'keep-alive'}});
  expect(await page.text()).toContain('<title>');

  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(errors).toBe('');
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('--build-only writes a page for any static server, without a warning, and ends', async () => {
  const built = join(folder, 'built');
  const allow = ['--allow', 'https://models.example'];
  expect(await run('--build-only', built, ...allow)).toEqual({
    code: 0,
    out: `The inspector is in ${built}.\n`,
    error: '',
  });
  expect(readdirSync(built).sort()).toEqual(['assets', 'examples', 'index.html', 'wasm']);
  const html = readFileSync(join(built, 'index.html'), 'utf8');
  expect(html).toMatch(/connect-src &#39;self&#39; https:\/\/models\.example;/);
  // Wherever the folder is served from.
  for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g)) {
    expect(address).toMatch(/^(\.\/|data:)/);
  }
});

test('a port that is taken is told', async () => {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, 'localhost', listening));
  const {port} = other.address() as AddressInfo;
  const {code, out, error} = await run('--no-open', '--port', String(port));
  other.close();
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(error).toBe(
    `The inspector cannot be served at localhost:${port}: Port ${port} is already in use. ` +
      'Leave out --port to take any that is free, or give another --port or --host.\n',
  );
});

test('arguments that cannot be understood are told, with the help', async () => {
  const {code, out, error} = await run('--allow', 'example.org');
  expect({code, out}).toEqual({code: 2, out: ''});
  expect(error).toMatch(/^--allow takes one origin, .* got 'example\.org'\.\n\nnpm run inspect \[/);
  expect(await run('--help')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^npm run inspect /) as string,
    error: '',
  });
});
