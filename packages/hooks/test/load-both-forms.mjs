// Run by packaged-forms.test.ts in a process of its own, without jest: Node itself loads the built packages, in both
// forms at once. Prints what it finds as JSON.
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const found = {};
for (const name of ['@tfjs-capture/core', '@tfjs-capture/hooks']) {
  const imported = await import(name);
  const required = require(name);
  found[name] = {
    imported: Object.keys(imported).sort(),
    required: Object.keys(required).sort(),
  };
}
console.log(JSON.stringify(found));
