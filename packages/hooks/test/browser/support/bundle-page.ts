/** A page's script, bundled from TypeScript as a web app's bundler does it, our packages as built. */
import {buildSync} from 'esbuild';

export function bundlePage(entry: string): string {
  const {outputFiles} = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** HTML that runs these scripts in turn, and asks for no icon. */
export const pageWith = (...scripts: readonly string[]): string =>
  `<!doctype html><link rel="icon" href="data:," />${scripts
    .map((src) => `<script src="${src}"></script>`)
    .join('')}`;
