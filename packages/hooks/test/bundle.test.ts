// What an app pays for `withCapture` alone, and that importing without using costs nothing.
import {gzipSync} from 'node:zlib';

import {build} from 'esbuild';

/** Minified, tfjs left out, as a web app's bundler makes it of the published ESM files. */
async function bundle(source: string): Promise<string> {
  const {outputFiles} = await build({
    stdin: {contents: source, resolveDir: __dirname},
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['@tensorflow/*'],
    logLevel: 'error',
    logOverride: {'ignored-bare-import': 'silent'},
  });
  return outputFiles[0]?.text ?? '';
}

test('withCapture alone is at most 12 kB, gzipped', async () => {
  const code = await bundle(
    `import {withCapture} from '@tfjs-capture/hooks'; globalThis.x = withCapture;`,
  );
  const bytes = gzipSync(code, {level: 9}).length;
  expect(code).toContain('globalThis.x=');
  expect(bytes).toBeLessThanOrEqual(12 * 1024);
});

test('edits come with what is ready-made, and not with withCapture alone', async () => {
  const bundled = (names: string) =>
    bundle(
      `import {withCapture, ${names}} from '@tfjs-capture/hooks'; globalThis.x = [withCapture, ${names}];`,
    );
  const applies = 'must return a tensor';
  expect(await bundled('nameScope')).not.toContain(applies);
  for (const name of ['ablate', 'addVector', 'clampTo', 'replaceWith', 'scaleBy', 'patchSweep']) {
    expect(await bundled(name)).toContain(applies);
  }
});

test.each(['@tfjs-capture/core', '@tfjs-capture/hooks'])(
  'importing %s for its side effects bundles to nothing, for it has none',
  async (name) => {
    expect(await bundle(`import '${name}';`)).toBe('');
  },
);
