/** Builds the inspector by Vite: a folder that any static server can serve. */
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build, createLogger} from 'vite';
import {examplesPlugin} from './examples-plugin.js';
import {policyPlugin} from './policy-plugin.js';
import {wasmBinariesPlugin} from './wasm-binaries-plugin.js';

export interface BuildRequest {
  /** Where the files go; what is in there is removed. */
  readonly folder: string;
  /** Origins that the page may read models from. */
  readonly allowed: readonly string[];
  /** HTML files inside packages/demo/inspector; the page alone unless given. */
  readonly pages?: readonly string[];
}

const ROOT = fileURLToPath(new URL('../../inspector', import.meta.url));

/** Nobody is to be warned of a machine that is slow. */
const CHECKS = {pluginTimings: false};

/**
 * @returns what Vite warned of
 * @throws Error if something does not compile
 */
export async function buildInspector({
  folder,
  allowed,
  pages = ['index.html'],
}: BuildRequest): Promise<readonly string[]> {
  const warnings: string[] = [];
  const logger = createLogger('warn');
  const keep = (message: string) => void warnings.push(message);
  await build({
    root: ROOT,
    mode: 'production',
    base: './',
    configFile: false,
    publicDir: false,
    envDir: false,
    logLevel: 'warn',
    customLogger: {...logger, warn: keep, warnOnce: keep},
    plugins: [policyPlugin(allowed), examplesPlugin(), wasmBinariesPlugin()],
    worker: {format: 'es', rolldownOptions: {checks: CHECKS}},
    build: {
      rolldownOptions: {checks: CHECKS, input: pages.map((page) => join(ROOT, page))},
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: {polyfill: false},
      // The policy lets in no font from a data: URL.
      assetsInlineLimit: 0,
      // TensorFlow.js is as large as it is.
      chunkSizeWarningLimit: 10_000,
    },
  });
  return warnings;
}
