// node tools/print-test-totals.mjs <jest's JSON results>…: one line, `N passed, N failed`. Fails if something failed.
import {readFile} from 'node:fs/promises';

let passed = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  const results = await readFile(path, 'utf8').then(JSON.parse, () => undefined);
  passed += results?.numPassedTests ?? 0;
  // A file that does not load fails without having run a test.
  failed += results ? results.numFailedTests + results.numRuntimeErrorTestSuites : 0;
  if (!results?.success) process.exitCode = 1;
}
console.log(`${passed} passed, ${failed} failed`);
