// Bundles tfjs-core's own tests, tfjs-core, both backends and our sources into one file, so that all of
// them share one copy of every class: a Tensor of another copy is no Tensor to `instanceof`.
import {createRequire} from 'node:module';
import {dirname, join, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const {resolve} = createRequire(import.meta.url);
const packages = fileURLToPath(new URL('../../../', import.meta.url));
const source = (name) => join(packages, name, 'src', 'index.ts');

const CORE = '@tensorflow/tfjs-core';
const WASM = '@tensorflow/tfjs-backend-wasm';

/**
 * Writes the bundle.
 *
 * @param {string} file where to, a .cjs file
 * @returns {Promise<void>}
 */
export async function bundleSpecs(file) {
  const {metafile} = await build({
    entryPoints: [fileURLToPath(new URL('specs/main.mjs', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The files that ESM consumers get. The Node builds hold a second copy of what the tests import.
    mainFields: ['module', 'main'],
    // Half of the tests are imported for their side effects, from packages that deny having any.
    ignoreAnnotations: true,
    alias: {
      '@tfjs-capture/core': source('core'),
      '@tfjs-capture/hooks': source('hooks'),
      // tfjs-core's jasmine_util loads a second jasmine, to set the timeout on it; newer jasmines do not export that file.
      'jasmine-core/lib/jasmine-core/jasmine.js': fileURLToPath(
        new URL('specs/same-jasmine.mjs', import.meta.url),
      ),
    },
    external: ['jasmine-core'],
    metafile: true,
    logLevel: 'error',
  });
  refuseSecondCopies(Object.keys(metafile.inputs));
}

/** Where the WASM backend finds its binaries, as `setWasmPaths` wants it. */
export const wasmDirectory = () => dirname(resolve(WASM)) + sep;

function refuseSecondCopies(inputs) {
  const copies = inputs.filter((path) =>
    /tfjs-core\/dist\/tf-core|tfjs-core\/dist\/engine\.js$/.test(path),
  );
  if (copies.length !== 1) {
    throw new Error(
      `bundleSpecs: the bundle must hold ${CORE} once, got ${copies.join(', ') || 'none'}. ` +
        'Look for an import that resolves to a Node build.',
    );
  }
}
