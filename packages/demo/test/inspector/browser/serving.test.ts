// What the inspector's server answers: under which headers, and nothing from beyond its folder.
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {builtInspector} from '../../../../../test-support/browser/prerequisites.js';
import {startServer, useServer} from './support/inspector-server.js';
import {rawRequest} from './support/raw-request.js';

const server = useServer();

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "style-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

const script = () =>
  readdirSync(join(builtInspector, 'assets')).find((name) => name.endsWith('.js')) ?? 'none.js';

describe('headers', () => {
  const answers = [
    {what: 'the page', path: () => '/', status: 200, type: 'text/html'},
    {what: 'a script', path: () => `/assets/${script()}`, status: 200, type: 'text/javascript'},
    {
      what: 'a binary',
      path: () => '/wasm/tfjs-backend-wasm.wasm',
      status: 200,
      type: 'application/wasm',
    },
    {
      what: 'the examples',
      path: () => '/examples/examples.json',
      status: 200,
      type: 'application/json',
    },
    {
      what: 'weights',
      path: () => '/examples/esrgan-slim/weights.bin',
      status: 200,
      type: 'application/octet-stream',
    },
    {
      what: 'a picture',
      path: () => '/examples/face-mesh/image.png',
      status: 200,
      type: 'image/png',
    },
    {what: 'nothing there', path: () => '/missing.html', status: 404, type: undefined},
    {what: 'a folder', path: () => '/examples/', status: 404, type: undefined},
    {what: 'a path that cannot be read', path: () => '/%', status: 404, type: undefined},
    {
      what: 'a name that somebody else made point here',
      path: () => '/',
      status: 403,
      type: 'text/plain',
      headers: {Host: 'rebound.example'},
    },
    {what: 'HEAD', path: () => '/', status: 200, type: 'text/html', method: 'HEAD'},
  ];

  test.each(answers)('are all there for $what', async ({path, status, type, ...request}) => {
    const answer = await rawRequest(server().url, path(), request);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']?.split(';')[0]).toBe(type);
    expect(String(answer.headers['content-security-policy']).split('; ')).toEqual(POLICY);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    });
    // Pages of other origins may not read it.
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('the page in the folder has the same policy, but for what browsers take from a header alone', () => {
    const html = readFileSync(join(builtInspector, 'index.html'), 'utf8').replaceAll('&#39;', "'");
    const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)!;
    expect(policy!.split('; ')).toEqual(POLICY.slice(0, -1));
    expect(html.indexOf('<script')).toBeGreaterThan(html.indexOf('Content-Security-Policy'));
  });

  test('what is allowed becomes a source to read from, and nothing else', async () => {
    const allowed = ['https://models.example', 'http://localhost:8080'];
    const open = await startServer({allowed});
    const {headers} = await rawRequest(open.url, '/').finally(() => open.close());
    const expected = POLICY.map((part) =>
      part.startsWith('connect-src') ? [part, ...allowed].join(' ') : part,
    );
    expect(String(headers['content-security-policy']).split('; ')).toEqual(expected);
  });
});

test.each([
  '/../../package.json',
  '/..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/package.json',
  '/%2e%2e%2f%2e%2e%2fpackage.json',
  '/..%5c..%5cpackage.json',
  '/examples/../../../package.json',
  '/examples/..%2f..%2f..%2fpackage.json',
  '/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
  '/%252e%252e/%252e%252e/package.json',
  '/@fs/etc/passwd',
  '//etc/passwd',
  '/%00',
  '/index.html/../../../package.json',
])('%s leads to nothing outside of the folder', async (path) => {
  const {status, body} = await rawRequest(server().url, path);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(body).not.toContain('workspaces');
  expect(body).not.toContain('root:');
});

test('a second server takes the next port', async () => {
  const servers = [await startServer({port: ''}), await startServer({port: ''})];
  try {
    const [first, second] = servers.map(({url}) => Number(new URL(url).port));
    expect(second).toBeGreaterThan(first!);
    for (const {url} of servers) expect((await rawRequest(url, '/')).status).toBe(200);
  } finally {
    for (const {close} of servers) await close();
  }
});
