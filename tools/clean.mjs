import {rm} from 'node:fs/promises';

for (const path of [
  'packages/core/dist',
  'packages/hooks/dist',
  'packages/demo/dist',
  'out/test.tsbuildinfo',
  'out/browser-test.tsbuildinfo',
]) {
  await rm(new URL(`../${path}`, import.meta.url), {recursive: true, force: true});
}
