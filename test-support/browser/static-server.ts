/** A static server on a free port of localhost, for pages under test. */
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join, normalize} from 'node:path';

export interface StaticFiles {
  /** Contents by path: '/page.js'. */
  readonly contents?: Readonly<Record<string, string>>;
  /** Folders by the path under which they are served: '/wasm'. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Whether pages are cross-origin isolated, and so may have threads. */
  readonly isolated?: boolean;
  /** Whether pages of other origins may read all this. */
  readonly isForAll?: boolean;
}

export interface StaticServer {
  /** 'http://localhost:1234' */
  readonly origin: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export async function serve(files: StaticFiles): Promise<StaticServer> {
  const server = createServer((request, response) => void answer(files, request, response));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const {port} = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(
  files: StaticFiles,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(request.url ?? '/');
  const body = await contentsAt(files, path);
  response.writeHead(body === null ? 404 : 200, {
    'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    ...(files.isolated ? ISOLATION : {}),
    ...(files.isForAll ? {'Access-Control-Allow-Origin': '*'} : {}),
  });
  response.end(body);
}

/** Without '..', so that nothing outside of a served folder is read. */
function pathOf(url: string): string {
  const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
  return path.endsWith('/') ? `${path}index.html` : path;
}

async function contentsAt(
  {contents = {}, folders = {}}: StaticFiles,
  path: string,
): Promise<string | Buffer | null> {
  const text = contents[path];
  if (text !== undefined) return text;
  const mount = Object.keys(folders).find((prefix) => path.startsWith(`${prefix}/`));
  if (mount === undefined) return null;
  const folder = folders[mount] as string;
  return readFile(join(folder, path.slice(mount.length))).catch(() => null);
}
