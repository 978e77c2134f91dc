// The packages are "type": "module"; their CommonJS files say so themselves, or Node would read them as ESM.
import {writeFile} from 'node:fs/promises';

for (const name of ['core', 'hooks']) {
  const marker = new URL(`../packages/${name}/dist/cjs/package.json`, import.meta.url);
  // Bundlers read "sideEffects" from the nearest package.json, which here is this one.
  await writeFile(marker, `${JSON.stringify({type: 'commonjs', sideEffects: false})}\n`);
}
