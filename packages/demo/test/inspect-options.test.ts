import {resolve} from 'node:path';
import {readInspectOptions} from '../src/inspect/inspect-options.js';

const calledFrom = process.env['INIT_CWD'];

beforeEach(() => (process.env['INIT_CWD'] = resolve('/somewhere')));
afterAll(() => {
  if (calledFrom === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = calledFrom;
});

test('unless told otherwise, serves to this machine and opens a browser', () => {
  expect(readInspectOptions([])).toEqual({
    folder: resolve('out/inspector'),
    server: {host: 'localhost', port: null, open: true},
    allowed: [],
  });
});

test('takes a port and a host', () => {
  const args = ['--port', '8080', '--host', '0.0.0.0', '--no-open'];
  expect(readInspectOptions(args)).toMatchObject({
    server: {host: '0.0.0.0', port: 8080, open: false},
  });
});

test('builds alone where npm was called', () => {
  expect(readInspectOptions(['--build-only', 'public'])).toEqual({
    folder: resolve('/somewhere/public'),
    server: null,
    allowed: [],
  });
});

test('asks for help', () => {
  expect(readInspectOptions(['--port', 'x', '--help'])).toBe('help');
});

test.each([
  ['https://example.org', 'https://example.org'],
  ['https://example.org/', 'https://example.org'],
  ['HTTPS://Example.org', 'https://example.org'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://127.0.0.1', 'http://127.0.0.1'],
])('--allow takes the origin %s', (given, origin) => {
  expect(readInspectOptions(['--allow', given])).toMatchObject({allowed: [origin]});
});

test('--allow may be given again', () => {
  const args = ['--allow', 'https://a.example', '--allow', 'https://b.example'];
  expect(readInspectOptions(args)).toMatchObject({
    allowed: ['https://a.example', 'https://b.example'],
  });
});

// Each would allow more than one origin, or change another part of the policy.
test.each([
  '*',
  'https:',
  'https://*',
  'https://*.example.org',
  'https://example.org:*',
  'example.org',
  "'unsafe-eval'",
  'data:',
  'blob:https://example.org',
  'ws://example.org',
  'https://example.org/models',
  'https://example.org?x',
  'https://me:secret@example.org',
  'https://example.org;script-src',
  'https://example.org,https://other.example',
  'https://example.org https://other.example',
  "https://example.org'",
  '',
])('--allow refuses %j', (given) => {
  expect(() => readInspectOptions(['--allow', given])).toThrow(
    `--allow takes one origin, scheme and host without a path, as in https://example.org, got '${given}'.`,
  );
});

test.each(['', '-1', '1.5', '0x50', '1e3', '65536', 'http'])('--port refuses %j', (given) => {
  expect(() => readInspectOptions([`--port=${given}`])).toThrow(
    `--port takes a whole number from 0 to 65535, got '${given}'.`,
  );
});

test.each([['--prot', '1'], ['photo.png']])('refuses %s, which it does not know', (...args) => {
  expect(() => readInspectOptions(args)).toThrow(args[0]);
});
