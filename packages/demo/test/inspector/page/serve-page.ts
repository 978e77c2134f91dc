/** Bundles the page with the fake engine in its worker, and serves it under the inspector's policy. */
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join} from 'node:path';
import {build} from 'esbuild';
import type {Plugin} from 'esbuild';
import type {ExampleModel} from '../../../inspector/protocol/model.js';

const INSPECTOR = join(__dirname, '../../../inspector');
const PHOTO = join(
  __dirname,
  '../../../../../node_modules/@upscalerjs/default-model/assets/fixture.png',
);

/** Titles are the real examples'; what they show is made up. */
const EXAMPLES: readonly ExampleModel[] = [
  example('esrgan-slim', 'ESRGAN-slim', 'Doubles the size of an image'),
  example('mobilenet-v2', 'MobileNetV2 (nsfwjs)', 'Tells five classes of images apart'),
  example('deep', 'Three hundred layers', 'Shows how the outline scrolls'),
];

export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
  "img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; font-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

export interface ServedPage {
  /** 'http://localhost:1234' */
  readonly origin: string;
  close(): void;
}

/** The page on a free port of localhost. */
export async function servePage(): Promise<ServedPage> {
  const files = await buildPage();
  const server = createServer(({url = '/'}, response) => {
    const {pathname} = new URL(url, 'http://localhost');
    const path = pathname === '/' ? '/index.html' : pathname;
    const body = files.get(path);
    response.writeHead(body === undefined ? 404 : 200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Content-Security-Policy': POLICY,
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const {port} = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Contents by path. */
async function buildPage(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const {outputFiles} = await build({
    entryPoints: {
      page: join(INSPECTOR, 'page/main.tsx'),
      worker: join(__dirname, 'fake-worker.ts'),
    },
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [fakeWorker],
    logLevel: 'warning',
  });
  const html = await readFile(join(INSPECTOR, 'index.html'), 'utf8');
  return new Map<string, string | Uint8Array>([
    ...outputFiles.map(({path, contents}) => [path, contents] as const),
    [
      '/index.html',
      html
        .replace('./page/main.tsx', './page.js')
        .replace('</head>', '<link rel="stylesheet" href="./page.css" /></head>'),
    ],
    ['/page/icon.svg', await readFile(join(INSPECTOR, 'page/icon.svg'))],
    ['/examples/examples.json', JSON.stringify(EXAMPLES)],
    ['/examples/image.png', await readFile(PHOTO)],
  ]);
}

/** Where the page makes its worker, it gets the fake one. */
const fakeWorker: Plugin = {
  name: 'fake-worker',
  setup: ({onLoad}) => {
    onLoad({filter: /page[\\/]engine-process\.ts$/}, async ({path}) => {
      const code = await readFile(path, 'utf8');
      const real = "new URL('../engine/worker.ts', import.meta.url)";
      if (!code.includes(real))
        throw new Error(`buildPage: ${path} must make its worker by ${real}.`);
      return {contents: code.replace(real, "'worker.js'"), loader: 'ts'};
    });
  },
};

function example(id: string, title: string, about: string): ExampleModel {
  return {
    id,
    title,
    about,
    url: `examples/${id}/model.json`,
    imageUrl: 'examples/image.png',
    preparation: {range: '0 to 1', longestSide: 128},
  };
}
